import { useEffect, useRef, useState } from 'react';
import { useCommands } from '../commands/registry';

const STEPS: Readonly<Record<string, number>> = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

/** Has J and K go through the rows from anywhere on the page, and the arrows, Home and End from within the table. */
export function useRowKeys(rows: number) {
  const table = useRef<HTMLTableElement>(null);
  const [active, setActive] = useState(0);

  const go = (key: string): boolean => {
    const all = [...(table.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const next = target(key, all.findIndex((row) => row === document.activeElement), all.length);
    if (next === null) return false;
    all[next]?.focus();
    all[next]?.scrollIntoView({ block: 'nearest' });
    return true;
  };
  useCommands([
    { id: 'next row', label: 'Next row', group: 'On this page', keys: 'j', isQuiet: true, run: () => go('j') },
    { id: 'row before', label: 'Row before', group: 'On this page', keys: 'k', isQuiet: true, run: () => go('k') },
  ]);
  const walk = useRef(go);
  useEffect(() => { walk.current = go; });
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const isOwn = !event.ctrlKey && !event.metaKey && !event.altKey && event.key.length > 1;
      if (isOwn && !event.defaultPrevented && walk.current(event.key)) event.preventDefault();
    };
    window.addEventListener('keydown', pressed);
    return () => { window.removeEventListener('keydown', pressed); };
  }, []);

  return { table, active: Math.min(active, Math.max(0, rows - 1)), setActive };
}

/** Which row a key leads to from row `at`, -1 being none of them. */
export function target(key: string, at: number, rows: number): number | null {
  if (rows === 0) return null;
  const isWithin = at >= 0;
  if (isWithin && key === 'Home') return 0;
  if (isWithin && key === 'End') return rows - 1;
  const step = STEPS[key];
  if (step === undefined || (key.startsWith('Arrow') && !isWithin)) return null;
  return isWithin ? Math.min(rows - 1, Math.max(0, at + step)) : 0;
}
