// What is done to a customer. Each order on money carries the id its form drew.

import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import { ApiError } from './error';
import type { Action, ActionState, OrderForm, Plan, PlanPreview, RefundForm, When } from './types';

const params = (id: string, action: string) => ({ path: { id }, header: { 'Idempotency-Key': action } });

/** Whether nothing more happens to an action by itself. */
export function hasEnded(state: ActionState): boolean {
  return state !== 'executing' && state !== 'unknown' && state !== 'awaiting_approval';
}

/** How often an action is looked at that Stripe is being asked for, and one that waits for a person or for a lost answer. */
const UNDER_WAY_MS = 1_000;
const WAITING_MS = 5_000;

/** An action, looked at until it has ended. Null where the server has none of this id. */
export const actionQuery = (id: string) => queryOptions({
  queryKey: ['action', id],
  queryFn: async ({ signal }): Promise<Action | null> => {
    try {
      return await answer(api.GET('/api/admin/actions/{id}', { params: { path: { id } }, signal }));
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  },
  refetchInterval: ({ state: { data } }) => {
    if (!data || hasEnded(data.state)) return false;
    return data.state === 'executing' ? UNDER_WAY_MS : WAITING_MS;
  },
});

export function previewRefund(user: string, form: RefundForm, signal: AbortSignal) {
  return answer(api.POST('/api/admin/users/{id}/refunds/preview', { params: { path: { id: user } }, body: form, signal }));
}

export function refund(user: string, action: string, form: RefundForm): Promise<Action> {
  return answer(api.POST('/api/admin/users/{id}/refunds', { params: params(user, action), body: form }));
}

export function changeSubscription(user: string, action: string, order: OrderForm, reason: string): Promise<Action> {
  return answer(api.POST('/api/admin/users/{id}/subscription', { params: params(user, action), body: { order, reason } }));
}

export function previewPlan(user: string, plan: Plan, when: When | undefined, signal: AbortSignal) {
  return answer(api.POST('/api/admin/users/{id}/plan/preview', { params: { path: { id: user } }, body: { plan, when }, signal }));
}

/** Changes the plan as it was shown. */
export function changePlan(user: string, action: string, shown: PlanPreview, reason: string): Promise<Action> {
  const { to, when, due_now, proration_date } = shown;
  const body = { plan: to, when, due_now_cents: due_now.amount_cents, proration_date, reason };
  return answer(api.POST('/api/admin/users/{id}/plan', { params: params(user, action), body }));
}

/** Takes back a change that was to come with the next period. */
export function keepPlan(user: string, action: string, reason: string): Promise<Action> {
  return answer(api.POST('/api/admin/users/{id}/plan/keep', { params: params(user, action), body: { reason } }));
}

export function resetPassword(user: string, reason: string) {
  return answer(api.POST('/api/admin/users/{id}/password-reset', { params: { path: { id: user } }, body: { reason } }));
}

/** Compares the record with Stripe; with `apply` the record is put right. */
export function resync(user: string, action: string, apply: boolean, reason: string) {
  return answer(api.POST('/api/admin/users/{id}/resync', { params: params(user, action), body: { apply, reason } }));
}

export function writeNote(user: string, action: string, text: string) {
  return answer(api.POST('/api/admin/users/{id}/notes', { params: params(user, action), body: { text } }));
}

export function editNote(user: string, note: string, text: string) {
  return answer(api.PUT('/api/admin/users/{id}/notes/{note}', { params: { path: { id: user, note } }, body: { text } }));
}
