// Days put together: by day, by week, by month.

import { dayAfter, dayWords, shortDay } from '@/util/days';
import { monthEnd, monthStart, weekEnd, weekStart, daysIn, rangeWords, type Range } from '@/util/range';
import type { FigureSum, ReportDay } from '../types';

export const GRAINS = ['day', 'week', 'month'] as const;
export type Grain = (typeof GRAINS)[number];

/** A stretch of the calendar, and those of its days that are counted. There is at least one. */
export interface Period extends Range {
  grain: Grain;
  days: readonly [ReportDay, ...ReportDay[]];
  /** It is not over yet, or not counted to its end. */
  isOpen: boolean;
  /** Not all of its days are shown, though they are over. */
  isCut: boolean;
}

const BOUNDS: Readonly<Record<Grain, (day: string) => Range>> = {
  day: (day) => ({ from: day, to: day }),
  week: (day) => ({ from: weekStart(day), to: weekEnd(day) }),
  month: (day) => ({ from: monthStart(day), to: monthEnd(day) }),
};

/** The grain that shows a range in some ten to thirty steps. */
export function usualGrain(range: Range): Grain {
  const days = daysIn(range);
  return days <= 35 ? 'day' : days <= 190 ? 'week' : 'month';
}

export function within(days: readonly ReportDay[], { from, to }: Range): readonly ReportDay[] {
  return days.filter(({ day }) => day >= from && day <= to);
}

/** The periods that days fall into, oldest first. */
export function periodsOf(days: readonly ReportDay[], grain: Grain): Period[] {
  const groups = new Map<string, [ReportDay, ...ReportDay[]]>();
  for (const day of days) {
    const { from } = BOUNDS[grain](day.day);
    const group = groups.get(from);
    if (group) group.push(day);
    else groups.set(from, [day]);
  }
  return [...groups.values()].map((group) => periodOf(group, grain));
}

function periodOf(days: [ReportDay, ...ReportDay[]], grain: Grain): Period {
  const bounds = BOUNDS[grain](days[0].day);
  const last = lastOf(days);
  const isOpen = !last.closed;
  const isWhole = days[0].day === bounds.from && (isOpen || last.day === bounds.to);
  return { ...bounds, grain, days, isOpen, isCut: !isWhole };
}

export function lastOf(days: readonly [ReportDay, ...ReportDay[]]): ReportDay {
  return days.at(-1) ?? days[0];
}

/** `26 Nov 2026`, `Nov 2026`, `23 – 29 Nov 2026`; the days themselves where not all are shown. */
export function periodWords(period: Period): string {
  const { grain, days, isOpen, isCut } = period;
  const shown = isCut ? { from: days[0].day, to: isOpen ? period.to : lastOf(days).day } : period;
  const words = grain === 'month' && !isCut ? month(period.from, 'numeric') : grain === 'day' ? dayWords(period.from) : rangeWords(shown);
  return isOpen ? `${words}, so far` : words;
}

/** `26 Nov`, `Nov`. A week begins with the first of its days that is shown. */
export function periodTick({ grain, from, days }: Period): string {
  if (grain !== 'month') return shortDay(days[0].day);
  return month(from);
}

function month(day: string, year?: 'numeric'): string {
  return new Intl.DateTimeFormat('en-GB', { month: 'short', year, timeZone: 'UTC' }).format(Date.parse(day));
}

/** What a range counts up to in all of its days. */
export function total(days: readonly ReportDay[], of: (day: ReportDay) => FigureSum | undefined): FigureSum {
  const sum = { count: 0, cents: 0 };
  for (const day of days) {
    const { count, cents } = of(day) ?? sum0;
    sum.count += count;
    sum.cents += cents;
  }
  return sum;
}

const sum0: FigureSum = { count: 0, cents: 0 };

export function sumOf(days: readonly ReportDay[], of: (day: ReportDay) => number | undefined): number {
  return days.reduce((sum, day) => sum + (of(day) ?? 0), 0);
}

/** Part of the whole; null of nothing. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** Whether each day of a range is counted. */
export function isWhole(days: readonly ReportDay[], range: Range): boolean {
  return days.length === daysIn(range);
}

export const dayBefore = (day: string) => dayAfter(day, -1);
