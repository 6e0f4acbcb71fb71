// What the navigation shows of pages one is not on.

import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import { polled } from './polling';

export const waitingActionsQuery = queryOptions({
  queryKey: ['actions', 'waiting'],
  queryFn: ({ signal }) => answer(api.GET('/api/admin/actions', { params: { query: { state: 'waiting', limit: 100 } }, signal })),
  ...polled(10_000),
});

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => answer(api.GET('/api/admin/health', { signal })),
  ...polled(15_000),
});

/** People by how their name or address begins. */
export const peopleQuery = (search: string) => queryOptions({
  queryKey: ['users', 'found', search],
  queryFn: ({ signal }) => answer(api.GET('/api/admin/users', { params: { query: { search, limit: 8 } }, signal })),
  enabled: search.length >= 2,
});
