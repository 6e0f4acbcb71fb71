// How the system does: alerts, events, deliveries and the nightly runs. The parts themselves are in glance.ts.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import { paged } from './pages';
import { polled } from './polling';
import type { ReplayForm, ReplayReport } from './types';

export const alertsQuery = queryOptions({
  queryKey: ['alerts'],
  queryFn: ({ signal }) => answer(api.GET('/api/admin/alerts', { signal })),
  ...polled(10_000),
});

export function acknowledge(cause: string, reason: string) {
  return answer(api.POST('/api/admin/alerts/acknowledge', { body: { cause, reason } }));
}

export type EventsShown = 'pending' | 'given_up';

export const eventsQuery = (outcome: EventsShown) => infiniteQueryOptions({
  queryKey: ['events', outcome],
  queryFn: ({ pageParam, signal }) => answer(api.GET('/api/admin/events', {
    params: { query: { outcome, limit: 50, cursor: pageParam ?? undefined } }, signal,
  })),
  ...paged,
  ...polled(10_000),
});

export const eventQuery = (id: string) => queryOptions({
  queryKey: ['events', 'one', id],
  queryFn: ({ signal }) => answer(api.GET('/api/admin/events/{id}', { params: { path: { id } }, signal })),
  ...polled(3_000),
});

/** The server wants a reason for a look as well; only what is done is kept with its reason. */
const LOOK = 'A look at what it would change.';

export type Replayed = Pick<ReplayForm, 'events' | 'matching'>;

export function previewReplay(choice: Replayed, signal: AbortSignal): Promise<ReplayReport> {
  return answer(api.POST('/api/admin/events/replay', { body: { ...choice, execute: false, reason: LOOK }, signal }));
}

export function replay(choice: Replayed, reason: string): Promise<ReplayReport> {
  return answer(api.POST('/api/admin/events/replay', { body: { ...choice, execute: true, reason } }));
}

export const deliveriesQuery = (day: string) => infiniteQueryOptions({
  queryKey: ['deliveries', day],
  queryFn: ({ pageParam, signal }) => answer(api.GET('/api/admin/deliveries', {
    params: { query: { day, limit: 50, cursor: pageParam ?? undefined } }, signal,
  })),
  ...paged,
  ...polled(10_000),
});

export const runsQuery = queryOptions({
  queryKey: ['runs'],
  queryFn: ({ signal }) => answer(api.GET('/api/admin/runs', { signal })),
  ...polled(15_000),
});

export const runQuery = (day: string) => queryOptions({
  queryKey: ['runs', day],
  queryFn: ({ signal }) => answer(api.GET('/api/admin/runs/{day}', { params: { path: { day } }, signal })),
  ...polled(15_000),
});
