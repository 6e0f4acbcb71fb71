import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { count } from '@/util/words';
import { EmptyState } from '../states/EmptyState';
import { ErrorState } from '../states/ErrorState';
import { LoadingRows } from '../states/Loading';
import classes from './DataTable.module.css';
import { Head } from './Head';
import { Row } from './Row';
import type { Column, SortState } from './types';
import { useChangedRows } from './useChangedRows';
import { gridOf, useFold } from './useFold';
import { useRowKeys } from './useRowKeys';

interface Props<T> {
  /** What is in it, for those who cannot see it: `Users`. */
  label: string;
  columns: readonly Column<T>[];
  /** Undefined while they are on their way. */
  rows: readonly T[] | undefined;
  rowKey: (row: T) => string;
  /** The address of a row's page, as in `/users/cus_1`. The row becomes a link. */
  rowTo?: (row: T) => string;
  /** What else opens a row: a drawer. */
  onOpen?: (row: T) => void;
  sort?: SortState;
  error?: unknown;
  onRetry?: () => unknown;
  /** What stands there where there are no rows. */
  empty?: ReactNode;
  /** Pages that follow. */
  more?: { has: boolean; isLoading: boolean; load: () => unknown };
  /** What is counted below the table: `user`. */
  unit?: string;
}

/** Rows of one kind. J, K and the arrows go through them, Enter opens one. */
export function DataTable<T>(props: Props<T>) {
  const { label, columns, rows, rowKey, rowTo, onOpen, sort, error, onRetry, empty, more, unit = 'row' } = props;
  const changed = useChangedRows(rows, rowKey);
  const fold = useFold(columns);
  const { table, active, setActive } = useRowKeys(rows?.length ?? 0);

  if (rows === undefined) {
    return error ? <ErrorState error={error} onRetry={onRetry} /> : <LoadingRows rows={10} height={22} />;
  }
  if (rows.length === 0) return empty ?? <EmptyState title="Nothing here" />;
  return (
    <div className={classes.frame}>
      <table className={classes.table} data-folds={fold.below.length > 0} style={fold.below.length > 0 ? gridOf(fold) : undefined} aria-label={label}
        ref={table}>
        <Head columns={fold.beside} sort={sort} />
        <tbody>
          {rows.map((row, index) => (
            <Row key={rowKey(row)} row={row} fold={fold} to={rowTo?.(row)} isActive={index === active} isChanged={changed.has(rowKey(row))}
              onOpen={onOpen && (() => { onOpen(row); })} onFocus={() => { setActive(index); }} />
          ))}
        </tbody>
      </table>
      <div className={classes.foot}>
        <span>{count(rows.length, unit)}{more?.has ? ' so far' : ''}</span>
        {more?.has && (
          <Button variant="default" size="xs" loading={more.isLoading} onClick={() => { void more.load(); }}>Load more</Button>
        )}
      </div>
    </div>
  );
}
