import { useEffect, useRef, useState } from 'react';
import { isTyping } from '../commands/keyboard';

const STEPS: Readonly<Record<string, number>> = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

/** Has J and K go through the rows from anywhere on the page, and the arrows, Home and End from within the table. */
export function useRowKeys(rows: number) {
  const table = useRef<HTMLTableElement>(null);
  const [active, setActive] = useState(0);

  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
      if (document.querySelector('[role=dialog][aria-modal=true]') !== null) return;
      const all = [...(table.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
      const at = all.findIndex((row) => row === document.activeElement);
      const next = target(event.key, at, all.length);
      if (next === null) return;
      event.preventDefault();
      all[next]?.focus();
      all[next]?.scrollIntoView({ block: 'nearest' });
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
