// Days as the API names them: in UTC, `2026-11-26`.

import { utcDay } from './time';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

/** The day that an address or a field names; undefined where it names none. */
export function utcDayOf(text: unknown): string | undefined {
  if (typeof text !== 'string' || !DAY.test(text)) return undefined;
  const at_ms = Date.parse(`${text}T00:00:00Z`);
  // `2026-02-30` would become the second of March.
  return !Number.isNaN(at_ms) && utcDay(at_ms) === text ? text : undefined;
}

/** So many days after it, or before it. */
export function dayAfter(day: string, days: number): string {
  return utcDay(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS);
}

/** `26 Nov 2026`, whatever the reader's zone. */
export function dayWords(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(Date.parse(`${day}T00:00:00Z`));
}

/** `26 Nov`. */
export function shortDay(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(Date.parse(`${day}T00:00:00Z`));
}

/** `3 s`, `2 min`, `1 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${String(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${String(minutes)} min`;
  const rest = minutes % 60;
  return `${String(Math.floor(minutes / 60))} h${rest === 0 ? '' : ` ${String(rest)} min`}`;
}
