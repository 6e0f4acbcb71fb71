// Stretches of days, and how they are parted into weeks and months. Days are the server's, in UTC.

import { dayAfter, utcDayOf } from './days';
import { period } from './time';

/** Both days are in it. */
export interface Range {
  from: string;
  to: string;
}

/** Longest one. The server takes 400 days at most, and the month that one begins in, with the day before, is asked for with it. */
export const RANGE_DAYS_MAX = 366;

const DAY_MS = 86_400_000;

export function daysIn({ from, to }: Range): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
}

export function monthStart(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

/** The first day of the month that comes so many months after that of `day`, or before it. */
export function monthAfter(day: string, months: number): string {
  const [year = 0, month = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}

export function monthEnd(day: string): string {
  return dayAfter(monthAfter(day, 1), -1);
}

/** Weeks begin on Monday. */
export function weekStart(day: string): string {
  return dayAfter(day, -((new Date(day).getUTCDay() + 6) % 7));
}

export const weekEnd = (day: string) => dayAfter(weekStart(day), 6);

/** What a range that begins a month is held against: as many months before it. Any other: as many days before it. */
export function rangeBefore(range: Range): Range {
  const { from, to } = range;
  if (from !== monthStart(from)) return { from: dayAfter(from, -daysIn(range)), to: dayAfter(from, -1) };
  let months = 1;
  while (monthAfter(from, months) <= to) months += 1;
  const last = monthAfter(to, -months);
  // The thirty-first has no day like it in a month of thirty; the end of a month is like the end of any other.
  const sameDay = to === monthEnd(to) ? monthEnd(last) : `${last.slice(0, 7)}${to.slice(7)}`;
  return { from: monthAfter(from, -months), to: sameDay > monthEnd(last) ? monthEnd(last) : sameDay };
}

/** How many months it is, by the length of each: a whole month is one. */
export function monthsIn({ from, to }: Range): number {
  let months = 0;
  for (let start = monthStart(from); start <= to; start = monthAfter(start, 1)) {
    const end = monthEnd(start);
    const part = { from: start > from ? start : from, to: end < to ? end : to };
    months += daysIn(part) / daysIn({ from: start, to: end });
  }
  return months;
}

/** `1 – 26 Nov 2026`. */
export function rangeWords({ from, to }: Range): string {
  return period(from, to, 'UTC');
}

/** Why a range cannot be shown; null where it can. */
export function rangeFault(from: string, to: string, today: string): string | null {
  if (utcDayOf(from) === undefined || utcDayOf(to) === undefined) return 'Both days are needed.';
  if (to > today) return 'The last day is not there yet.';
  if (from > to) return 'The first day is after the last one.';
  if (daysIn({ from, to }) > RANGE_DAYS_MAX) return `At most ${String(RANGE_DAYS_MAX)} days can be shown.`;
  return null;
}
