import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import classes from './DataTable.module.css';
import { nextSort, type SortState, type SortWords } from './types';

const MARKS = { ascending: IconArrowUp, descending: IconArrowDown, none: IconArrowsSort } as const;

/** The head of a column that can be sorted by. */
export function SortMark({ by, state, children }: { by: SortWords; state: SortState; children: string }) {
  const direction = state.ariaOf(by);
  const Mark = MARKS[direction];
  return (
    <button type="button" className={classes.sort} data-active={direction !== 'none'} onClick={() => { state.set(nextSort(state.by, by)); }}>
      {children}
      <Mark size={13} aria-hidden />
    </button>
  );
}
