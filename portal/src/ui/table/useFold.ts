import { useSyncExternalStore } from 'react';
import type { Column, Narrow } from './types';

/** From the narrowest on, with where each begins: the same as in the stylesheets. */
const SCREENS: readonly (readonly [Narrow, string])[] = [['sm', '(max-width: 48em)'], ['md', '(max-width: 62em)'], ['lg', '(max-width: 75em)']];

const queries = SCREENS.map(([name, query]) => [name, window.matchMedia(query)] as const);

function subscribe(listener: () => void) {
  for (const [, query] of queries) query.addEventListener('change', listener);
  return () => { for (const [, query] of queries) query.removeEventListener('change', listener); };
}

/** The narrowest kind of screen this one is; null on a wide one. */
function screen(): Narrow | null {
  return queries.find(([, query]) => query.matches)?.[0] ?? null;
}

export interface Fold<T> {
  beside: readonly Column<T>[];
  /** What has no room beside the others stands below them. */
  below: readonly Column<T>[];
}

/** Which columns have room beside each other on a screen. */
export function fold<T>(columns: readonly Column<T>[], on: Narrow | null): Fold<T> {
  const rank = (name: Narrow) => SCREENS.findIndex(([it]) => it === name);
  const isBelow = ({ foldBelow }: Column<T>) => on !== null && foldBelow !== undefined && rank(on) <= rank(foldBelow);
  return { beside: columns.filter((it) => !isBelow(it)), below: columns.filter(isBelow) };
}

export function useFold<T>(columns: readonly Column<T>[]): Fold<T> {
  return fold(columns, useSyncExternalStore(subscribe, screen));
}

/** The cells of all rows in line with each other, and room for what stands below them. The cell that names the row takes what is left. */
export function gridOf<T>({ beside }: Fold<T>) {
  return { gridTemplateColumns: beside.map(({ isName }) => (isName ? 'minmax(7rem, 1fr)' : 'auto')).join(' ') };
}
