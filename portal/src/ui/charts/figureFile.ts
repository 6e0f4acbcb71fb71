import { lastOf } from '@/api/figures/periods';
import { csvFile, type CsvColumn } from '@/util/csv';
import { figureCell, figureHead } from './formats';
import type { ChartProps, Row } from './types';

/** The numbers of a chart as a file, the oldest first. Days stand as the API names them, so that they can be sorted. */
export function figureFile<R extends Row>({ rows, figures, currency }: Pick<ChartProps<R>, 'rows' | 'figures' | 'currency'>): Promise<Blob> {
  const columns: CsvColumn<R>[] = [
    { header: 'From (UTC)', value: ({ period }) => period.days[0].day },
    { header: 'To (UTC)', value: ({ period }) => lastOf(period.days).day },
    { header: 'Complete', value: ({ period }) => (period.isOpen || period.isCut ? 'no' : 'yes') },
    ...figures.map(({ label, unit, value }) => ({
      header: figureHead(label, unit, currency), value: (row: R) => figureCell(value(row), unit, currency),
    })),
  ];
  return csvFile(columns, once(rows), () => undefined);
}

async function* once<R>(rows: readonly R[]): AsyncGenerator<readonly R[]> {
  yield await Promise.resolve(rows);
}
