import type { ReactNode } from 'react';

export type Narrow = 'sm' | 'md' | 'lg';

export interface Column<T> {
  key: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** Amounts and counts stand at the right. */
  align?: 'right';
  /** On screens up to this wide it stands below the others of its row: 48 em, 62 em, 75 em. */
  foldBelow?: Narrow;
  /** Something to press, which says what it does: its column's name is for those who cannot see it. */
  isAction?: boolean;
  /** Says itself what it is, as a badge does: below the others it needs no name. */
  isPlain?: boolean;
  /** Whether a row has nothing there. Below the others it is then left out. */
  isEmpty?: (row: T) => boolean;
  /** The server's words for this order, and for the other way round where it has one. */
  sort?: SortWords;
  /** The cell that names the row, and is its link. The first one where none says so. */
  isName?: boolean;
}

export interface SortWords {
  ascending?: string;
  descending?: string;
}

export interface SortState {
  by: string;
  set: (by: string) => void;
  ariaOf: (words: SortWords) => 'ascending' | 'descending' | 'none';
}

/** The state of a table that is sorted by one of the server's words. */
export function sortState(by: string, set: (by: string) => void): SortState {
  return {
    by, set,
    ariaOf: ({ ascending, descending }) => (by === ascending ? 'ascending' : by === descending ? 'descending' : 'none'),
  };
}

/** The word to sort by after a click. */
export function nextSort(by: string, { ascending, descending }: SortWords): string {
  if (by === ascending) return descending ?? ascending;
  if (by === descending) return ascending ?? descending;
  return descending ?? ascending ?? by;
}
