// The figures of days.

import { queryOptions } from '@tanstack/react-query';
import { dayAfter } from '@/util/days';
import { monthAfter, type Range } from '@/util/range';
import { answer, api } from './client';
import { polled } from './polling';

/** The server's bound. */
const ASKED_DAYS_MAX = 400;

/** The days a range is shown by: the month it begins in as a whole, and that before it, by whose payments chargebacks are measured. */
export function asked({ from, to }: Range): Range {
  const wanted = monthAfter(from, -1);
  const possible = dayAfter(to, 1 - ASKED_DAYS_MAX);
  return { from: wanted > possible ? wanted : possible, to };
}

/** Every full hour there is more of today; whoever has just begun to count sees it within a minute. */
const EVERY_MS = 60_000;

export const reportsQuery = (range: Range) => queryOptions({
  queryKey: ['reports', range],
  queryFn: ({ signal }) => answer(api.GET('/api/admin/reports', { params: { query: { ...asked(range) } }, signal })),
  ...polled(EVERY_MS),
});
