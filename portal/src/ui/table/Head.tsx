import { SortMark } from './SortMark';
import type { Column, SortState } from './types';

/** The names of the columns, and the order of rows at those that can be sorted by. */
export function Head<T>({ columns, sort }: { columns: readonly Column<T>[]; sort?: SortState }) {
  return (
    <thead>
      <tr>
        {columns.map((column) => (
          <th key={column.key} scope="col" data-align={column.align} aria-sort={column.sort ? sort?.ariaOf(column.sort) : undefined}>
            {column.sort && sort ? <SortMark by={column.sort} state={sort}>{column.header}</SortMark>
              : <span className={column.isAction ? 'visually-hidden' : undefined}>{column.header}</span>}
          </th>
        ))}
      </tr>
    </thead>
  );
}
