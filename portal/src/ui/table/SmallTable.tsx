import { Button } from '@mantine/core';
import { useState } from 'react';
import { count } from '@/util/words';
import { Cells } from './Cells';
import classes from './DataTable.module.css';
import { Head } from './Head';
import type { Column } from './types';
import { gridOf, useFold } from './useFold';

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
  const fold = useFold(columns);
  const shown = isWhole ? rows : rows.slice(0, FIRST);
  return (
    <div className={classes.frame}>
      <table className={classes.table} data-small data-folds={fold.below.length > 0} style={fold.below.length > 0 ? gridOf(fold) : undefined}
        aria-label={label}>
        <Head columns={fold.beside} />
        <tbody>
          {shown.map((row) => <tr key={rowKey(row)} className={classes.row}><Cells row={row} fold={fold} /></tr>)}
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
