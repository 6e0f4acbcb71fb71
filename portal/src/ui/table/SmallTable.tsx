import { Button } from '@mantine/core';
import { useState } from 'react';
import { count } from '@/util/words';
import classes from './DataTable.module.css';
import type { Column } from './types';

interface Props<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  /** What is counted: `invoice`. */
  unit: string;
}

/** Rows that are shown at first. */
const FIRST = 6;

/** A few rows within a panel. Those after the first come at a click. */
export function SmallTable<T>({ label, columns, rows, rowKey, unit }: Props<T>) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? rows : rows.slice(0, FIRST);
  return (
    <div className={classes.frame}>
      <table className={classes.table} data-small aria-label={label}>
        <thead>
          <tr>{columns.map((it) => <th key={it.key} scope="col" data-align={it.align} data-hide={it.hideBelow}>{it.header}</th>)}</tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={rowKey(row)} className={classes.row}>
              {columns.map((it) => <td key={it.key} data-align={it.align} data-hide={it.hideBelow}>{it.cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > FIRST && !isWhole && (
        <div className={classes.foot}>
          <Button variant="subtle" size="compact-sm" onClick={() => { setWhole(true); }}>Show all {count(rows.length, unit)}</Button>
        </div>
      )}
    </div>
  );
}
