// Customers whose record is put right by Stripe, one after the other: each is a request of its own.

import { actionIdOf, drawActionId, forgetActionId } from './actionId';
import { resync } from './orders';
import type { Resynced } from './types';

export interface Compared {
  customer: string;
  found: Resynced;
}

/** The server wants a reason for a look as well; only what is applied is kept with its reason. */
const LOOK = 'A look at what differs.';

/** How the record of each customer differs at this moment. */
export async function previewAll(customers: readonly string[], signal: AbortSignal): Promise<Compared[]> {
  const compared: Compared[] = [];
  for (const customer of customers) {
    signal.throwIfAborted();
    compared.push({ customer, found: await resync(customer, drawActionId(), false, LOOK) });
  }
  return compared;
}

/** Takes Stripe's word for each customer. Where one fails, those before it are done, and a second try goes on under the same ids. */
export async function applyAll(customers: readonly string[], reason: string, onProgress: (done: number) => void): Promise<void> {
  for (const [index, customer] of customers.entries()) {
    const form = `repair:${customer}`;
    await resync(customer, actionIdOf(form), true, reason);
    forgetActionId(form);
    onProgress(index + 1);
  }
}
