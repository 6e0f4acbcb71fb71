// What can be done to a customer as things stand, and why not where it cannot. The server decides; this says it beforehand.

import { missingRole } from '@/api/may';
import type { Policy, Role, User, UserMoney } from '@/api/types';
import { operationName } from '@/util/words';

export const DOINGS = [
  'refund', 'change_plan', 'keep_plan', 'cancel', 'undo_cancel', 'pause_collection', 'resume_collection', 'extend', 'retry_payment', 'credit',
  'reset_password', 'resync',
] as const;

export type Doing = (typeof DOINGS)[number];

export interface Offer {
  doing: Doing;
  label: string;
  /** Why it cannot be done now. */
  off: string | null;
}

interface Circumstances {
  role: Role | undefined;
  policy: Policy | undefined;
  money: UserMoney | undefined;
}

const NO_SUBSCRIPTION = 'No subscription is running.';
const OVER = ['canceled', 'incomplete', 'incomplete_expired'];

/** Whether the subscription that counts is running. */
export function isRunning(user: User): boolean {
  return user.subscription !== null && !OVER.includes(user.subscription.status);
}

/** The invoice that Stripe would try again. */
export function openInvoice(user: User, money: UserMoney | undefined) {
  return money?.invoices.find((it) => it.id === user.subscription?.latest_invoice && it.status === 'open' && it.remaining.amount_cents > 0);
}

/** In the order they are shown. What would only be the opposite of how it is, is left out. */
export function offers(user: User, circumstances: Circumstances): Offer[] {
  const it = user.subscription;
  const left = new Set<Doing>([
    it?.collection_paused === true ? 'pause_collection' : 'resume_collection',
  ]);
  if (it?.cancel_at_period_end !== true || !isRunning(user)) left.add('undo_cancel');
  if (!it?.pending_change) left.add('keep_plan');
  return DOINGS.filter((doing) => !left.has(doing)).map((doing) => ({
    doing, label: operationName(doing), off: roleLacks(doing, circumstances) ?? stateLacks(doing, user, circumstances.money),
  }));
}

function roleLacks(doing: Doing, { role, policy }: Circumstances): string | null {
  // Taking a change back is a change of plan.
  const operation = doing === 'keep_plan' ? 'change_plan' : doing;
  return missingRole(role, policy?.operations.find((known) => known.operation === operation)?.least_role ?? 'support');
}

function stateLacks(doing: Doing, user: User, money: UserMoney | undefined): string | null {
  const it = user.subscription;
  if (user.deleted && doing !== 'resync') return 'The customer is deleted at Stripe.';
  switch (doing) {
    case 'refund': return user.totals.some(({ paid_cents, refunded_cents }) => paid_cents > refunded_cents) ? null : 'Nothing paid is left to give back.';
    case 'reset_password': return user.user_id === null || user.email === null ? 'This customer has no account to sign in to.' : null;
    case 'credit': case 'resync': return null;
    default:
  }
  if (it === null || !isRunning(user)) return NO_SUBSCRIPTION;
  switch (doing) {
    case 'change_plan':
      if (it.status === 'trialing') return 'The next payment was put off. Change the plan once the new period has begun.';
      if (it.status !== 'active') return 'A payment is missing. See to it first.';
      if (it.cancel_at_period_end || it.cancel_at !== null) return 'The subscription is going to end. Undo that first.';
      return it.collection_paused ? 'Payments are not collected. Resume that first.' : null;
    case 'extend': return it.pending_change ? 'The plan is going to change by itself, and both cannot hold.' : null;
    case 'retry_payment': return money === undefined || openInvoice(user, money) ? null : 'No invoice is open.';
    default: return null;
  }
}
