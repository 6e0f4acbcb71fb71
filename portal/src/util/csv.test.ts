import { describe, expect, it } from 'vitest';
import { csvCell, csvFile, csvLine } from './csv';

async function* pagesOf<T>(...pages: T[][]) {
  for (const page of pages) yield await Promise.resolve(page);
}

describe('csv', () => {
  it.each([
    ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'], ['+1', "'+1"], ['-1', "'-1"], ['@SUM(A1)', "'@SUM(A1)"], [' =1', '"\' =1"'], ['\t=1', '"\'\t=1"'],
  ])('keeps a spreadsheet from running %j', (typed, cell) => {
    expect(csvCell(typed).replaceAll(/^"|"$/g, '').startsWith("'")).toBe(true);
    if (!typed.startsWith('\t') && !typed.startsWith(' ')) expect(csvCell(typed)).toBe(cell);
  });

  it('leaves numbers numbers, negative ones too', () => {
    expect(csvLine([-5, 0, 31.07, true, null, undefined])).toBe('-5,0,31.07,true,,\r\n');
  });

  it('quotes commas, quotes and line ends', () => {
    expect(csvLine(['Voss, Mara', 'a "b"', 'two\nlines', 'plain'])).toBe('"Voss, Mara","a ""b""","two\nlines",plain\r\n');
  });

  it('writes page after page and tells how far it is', async () => {
    const told: number[] = [];
    const columns = [{ header: 'Name', value: (row: { name: string }) => row.name }];
    const file = await csvFile(columns, pagesOf([{ name: 'Ada' }, { name: 'Sam' }], [{ name: '=Eve' }]), (rows) => told.push(rows));
    expect(told).toEqual([2, 3]);
    expect((await file.text()).replace('\uFEFF', '')).toBe("Name\r\nAda\r\nSam\r\n'=Eve\r\n");
  });
});
