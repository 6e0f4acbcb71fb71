import { Button } from '@mantine/core';
import { useState } from 'react';
import { periodWords } from '@/api/figures/periods';
import { figureText } from './formats';
import type { ChartProps, Row } from './types';
import classes from './charts.module.css';

/** Rows that are shown at first. */
const FIRST = 8;

/** The numbers of a chart, the newest first. */
export function FigureTable<R extends Row>({ label, rows, figures, currency }: ChartProps<R>) {
  const [isWhole, setWhole] = useState(false);
  const newest = rows.toReversed();
  const shown = isWhole ? newest : newest.slice(0, FIRST);
  const left = rows.length - shown.length;
  return (
    <>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what does not fit is reached by the arrow keys */}
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={`${label}, as a table`}>
        <table className={classes.table} aria-label={label}>
          <thead>
            <tr><th scope="col">Period (UTC)</th>{figures.map((it) => <th key={it.key} scope="col">{it.label}</th>)}</tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row.period.from}>
                <th scope="row">{periodWords(row.period)}</th>
                {figures.map(({ key, unit, value }) => <td key={key}>{figureText(value(row), unit, currency)}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {left > 0 && <Button variant="subtle" size="compact-sm" mt="xs" onClick={() => { setWhole(true); }}>{`Show all ${String(rows.length)} rows`}</Button>}
    </>
  );
}
