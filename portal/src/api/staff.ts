// Who administers, in which role, within which limits.

import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import { polled } from './polling';
import type { Limits, Role } from './types';

export const staffQuery = queryOptions({
  queryKey: ['staff'],
  queryFn: ({ signal }) => answer(api.GET('/api/admin/staff', { signal })),
  ...polled(30_000),
});

export interface Invitation {
  name: string;
  email: string;
  role: Role;
  reason: string;
}

export function invite(invitation: Invitation) {
  return answer(api.POST('/api/admin/staff', { body: invitation }));
}

export function changeRole(id: string, role: Role, reason: string) {
  return answer(api.POST('/api/admin/staff/{id}/role', { params: { path: { id } }, body: { role, reason } }));
}

const sendReason = (id: string, reason: string) => ({ params: { path: { id } }, body: { reason } });

export function disable(id: string, reason: string) {
  return answer(api.POST('/api/admin/staff/{id}/disable', sendReason(id, reason)));
}

export function enable(id: string, reason: string) {
  return answer(api.POST('/api/admin/staff/{id}/enable', sendReason(id, reason)));
}

/** Asks for it, or does it where another owner has asked within the last day. */
export function resetAuthenticator(id: string, reason: string) {
  return answer(api.POST('/api/admin/staff/{id}/reset-authenticator', sendReason(id, reason)));
}

export function changeLimits(role: Role, limits: Limits, reason: string) {
  return answer(api.POST('/api/admin/policy', { body: { role, ...limits, reason } }));
}
