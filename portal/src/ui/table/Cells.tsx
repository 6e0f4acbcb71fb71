import { Link } from '@tanstack/react-router';
import classes from './DataTable.module.css';
import type { Column } from './types';
import type { Fold } from './useFold';

interface Props<T> {
  row: T;
  fold: Fold<T>;
  /** The address of the row's page: the cell that names the row leads there. */
  to?: string;
}

/** The cells of a row. What has no room beside the others stands in one below them, each with its name. */
export function Cells<T>({ row, fold: { beside, below }, to }: Props<T>) {
  const named = Math.max(0, beside.findIndex((column) => column.isName));
  return (
    <>
      {beside.map((column, index) => {
        const content = column.cell(row);
        const isLink = index === named && to !== undefined;
        return (
          <td key={column.key} data-align={column.align}>
            {isLink ? <Link to={to} className={classes.link} tabIndex={-1}>{content}</Link> : content}
          </td>
        );
      })}
      {below.some((column) => column.isEmpty?.(row) !== true) && <td className={classes.below} colSpan={beside.length}><Below row={row} columns={below} /></td>}
    </>
  );
}

function Below<T>({ row, columns }: { row: T; columns: readonly Column<T>[] }) {
  return (
    <dl className={classes.facts}>
      {columns.filter((column) => column.isEmpty?.(row) !== true).map((column) => (
        <div key={column.key}>
          <dt className={column.isAction || column.isPlain ? 'visually-hidden' : undefined}>{column.header}</dt>
          <dd>{column.cell(row)}</dd>
        </div>
      ))}
    </dl>
  );
}
