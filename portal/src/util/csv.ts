// Files for spreadsheets. Names and notes are typed by strangers: a cell that begins like a formula would be run.

export type Cell = string | number | boolean | null | undefined;

const FORMULA = /^[\s]*[=+\-@\t\r]/;

/** A cell as it stands in the file. Numbers stay numbers; text that looks like a formula is marked as text. */
export function csvCell(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A line, with the end that RFC 4180 asks for. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

export interface CsvColumn<Row> {
  header: string;
  value: (row: Row) => Cell;
}

/** Writes page after page, and tells after each how many rows there are. What comes back is the whole file. */
export async function csvFile<Row>(
  columns: readonly CsvColumn<Row>[],
  pages: AsyncIterable<readonly Row[]>,
  onRows: (rows: number) => void,
): Promise<Blob> {
  // The mark lets Excel read UTF-8.
  const parts = ['\uFEFF', csvLine(columns.map((column) => column.header))];
  let rows = 0;
  for await (const page of pages) {
    parts.push(page.map((row) => csvLine(columns.map((column) => column.value(row)))).join(''));
    rows += page.length;
    onRows(rows);
  }
  return new Blob(parts, { type: 'text/csv;charset=utf-8' });
}

/** Hands a file to the person. */
export function download(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after this turn.
  setTimeout(() => { URL.revokeObjectURL(url); }, 10_000);
}
