import { useEffect, useState } from 'react';

/** How long a row that became another is marked. */
const MARKED_MS = 4_000;

const NONE: ReadonlySet<string> = new Set();

/** The keys of rows that came or became others since they were last shown. Not of the rows one begins with. */
export function useChangedRows<T>(rows: readonly T[] | undefined, rowKey: (row: T) => string): ReadonlySet<string> {
  const [shown, setShown] = useState(() => ({ rows, prints: printsOf(rows, rowKey), changed: NONE }));

  if (shown.rows !== rows) {
    const prints = printsOf(rows, rowKey);
    // Rows below those that were there are more of the same list, and another list has nothing in common with the first.
    const lastKnown = rows?.findLastIndex((row) => shown.prints.has(rowKey(row))) ?? -1;
    const fresh = (rows ?? []).slice(0, lastKnown + 1).map(rowKey).filter((key) => shown.prints.get(key) !== prints.get(key));
    setShown({ rows, prints, changed: new Set(fresh) });
  }

  const { changed } = shown;
  useEffect(() => {
    if (changed.size === 0) return undefined;
    const timer = setTimeout(() => { setShown((now) => ({ ...now, changed: new Set() })); }, MARKED_MS);
    return () => { clearTimeout(timer); };
  }, [changed]);
  return changed;
}

function printsOf<T>(rows: readonly T[] | undefined, rowKey: (row: T) => string): ReadonlyMap<string, string> {
  return new Map((rows ?? []).map((row) => [rowKey(row), JSON.stringify(row)]));
}
