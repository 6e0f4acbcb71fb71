// One customer, part by part, so that a part that fails leaves the others.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import { paged } from './pages';
import { polled } from './polling';
import type { EntryKind } from './types';

const of = (id: string) => ({ path: { id } });

export const userQuery = (id: string) => queryOptions({
  queryKey: ['users', id, 'user'],
  queryFn: ({ signal }) => answer(api.GET('/api/admin/users/{id}', { params: of(id), signal })),
  ...polled(5_000),
});

export const moneyQuery = (id: string) => queryOptions({
  queryKey: ['users', id, 'money'],
  queryFn: ({ signal }) => answer(api.GET('/api/admin/users/{id}/money', { params: of(id), signal })),
  ...polled(10_000),
});

/** What can still be refunded. Stripe is asked for it, so it is not asked every few seconds. */
export const chargesQuery = (id: string) => queryOptions({
  queryKey: ['users', id, 'charges'],
  queryFn: ({ signal }) => answer(api.GET('/api/admin/users/{id}/charges', { params: of(id), signal })),
  staleTime: 30_000,
});

/** What is paid for and not used up. Stripe is asked for it. */
export const unusedQuery = (id: string) => queryOptions({
  queryKey: ['users', id, 'unused'],
  queryFn: ({ signal }) => answer(api.GET('/api/admin/users/{id}/subscription/unused', { params: of(id), signal })),
  retry: false,
  staleTime: 60_000,
});

export const timelineQuery = (id: string, kind: EntryKind | undefined) => infiniteQueryOptions({
  queryKey: ['users', id, 'timeline', kind ?? 'all'],
  queryFn: ({ pageParam, signal }) => answer(api.GET('/api/admin/users/{id}/timeline', {
    params: { ...of(id), query: { kind, limit: 25, cursor: pageParam ?? undefined } }, signal,
  })),
  ...paged,
  ...polled(5_000),
});

export const mailsQuery = (id: string) => queryOptions({
  queryKey: ['users', id, 'mails'],
  queryFn: ({ signal }) => answer(api.GET('/api/admin/users/{id}/mails', { params: of(id), signal })),
  ...polled(15_000),
});

export const mailQuery = (id: string, mail: string) => queryOptions({
  queryKey: ['users', id, 'mail', mail],
  queryFn: ({ signal }) => answer(api.GET('/api/admin/users/{id}/mail', { params: { ...of(id), query: { mail } }, signal })),
  staleTime: Infinity,
});

export const userActionsQuery = (id: string) => queryOptions({
  queryKey: ['users', id, 'actions'],
  queryFn: ({ signal }) => answer(api.GET('/api/admin/users/{id}/actions', { params: { ...of(id), query: { limit: 20 } }, signal })),
  ...polled(5_000),
});

export const plansQuery = queryOptions({
  queryKey: ['plans'],
  queryFn: ({ signal }) => answer(api.GET('/api/admin/plans', { signal })),
  staleTime: Infinity,
});

/** What each role may do, and up to where. */
export const policyQuery = queryOptions({
  queryKey: ['policy'],
  queryFn: ({ signal }) => answer(api.GET('/api/admin/policy', { signal })),
  staleTime: 60_000,
});
