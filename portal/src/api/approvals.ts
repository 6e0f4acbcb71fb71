// What somebody else has to decide on.

import { infiniteQueryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import { paged } from './pages';
import { polled } from './polling';
import type { Action } from './types';

/** Seconds a request waits for its decision. The server counts them from when it was asked. */
const WAITS_S = 24 * 60 * 60;

export function expiresAt(action: Action): string {
  return new Date(Date.parse(action.created_at) + WAITS_S * 1_000).toISOString();
}

/** Whether nobody can decide on it any more. The server says so once somebody tries. */
export function isExpired(action: Action, now_ms: number): boolean {
  return action.state === 'expired' || (action.state === 'awaiting_approval' && now_ms >= Date.parse(expiresAt(action)));
}

/** All actions, the latest first. */
export const actionsQuery = infiniteQueryOptions({
  queryKey: ['actions', 'all'],
  queryFn: ({ pageParam, signal }) => answer(api.GET('/api/admin/actions', {
    params: { query: { state: 'all', limit: 50, cursor: pageParam ?? undefined } }, signal,
  })),
  ...paged,
  ...polled(5_000),
});

const of = (id: string) => ({ path: { id } });

export function approve(id: string): Promise<Action> {
  return answer(api.POST('/api/admin/actions/{id}/approve', { params: of(id), body: {} }));
}

export function reject(id: string, reason: string): Promise<Action> {
  return answer(api.POST('/api/admin/actions/{id}/reject', { params: of(id), body: { reason } }));
}

export function withdraw(id: string): Promise<Action> {
  return answer(api.POST('/api/admin/actions/{id}/withdraw', { params: of(id), body: {} }));
}
