// Words on the wire, and the words people read for them.

/** How something stands: what a badge looks like. Never by colour alone; the word is always there. */
export type Tone = 'good' | 'attention' | 'bad' | 'info' | 'quiet';

type Words = Readonly<Record<string, readonly [label: string, tone: Tone]>>;

export const STATUS = {
  subscription: {
    active: ['Active', 'good'], trialing: ['Trial', 'info'], past_due: ['Past due', 'attention'], unpaid: ['Unpaid', 'bad'],
    paused: ['Paused', 'quiet'], canceled: ['Cancelled', 'quiet'], incomplete: ['Incomplete', 'attention'],
    incomplete_expired: ['Never paid', 'quiet'], none: ['No subscription', 'quiet'],
  },
  action: {
    awaiting_approval: ['Waits for approval', 'attention'], executing: ['Under way', 'info'], unknown: ['Being looked up', 'attention'],
    succeeded: ['Done', 'good'], failed: ['Failed', 'bad'], rejected: ['Rejected', 'quiet'], withdrawn: ['Withdrawn', 'quiet'],
    expired: ['Expired', 'quiet'],
  },
  event: {
    pending: ['Pending', 'info'], applied: ['Applied', 'good'], stale: ['Stale', 'quiet'], ignored: ['Ignored', 'quiet'],
    refused: ['Refused', 'attention'], quarantined: ['Quarantined', 'bad'], dead: ['Dead', 'bad'], duplicate: ['Duplicate', 'quiet'],
    found_by_sync: ['Found by sync', 'info'], replayed: ['Replayed', 'info'],
    owed: ['To be sent', 'info'], given_up: ['Not sent', 'bad'], came_back: ['Came back', 'bad'],
  },
  invoice: {
    draft: ['Draft', 'quiet'], open: ['Open', 'attention'], paid: ['Paid', 'good'], void: ['Void', 'quiet'],
    uncollectible: ['Uncollectible', 'bad'],
  },
  refund: {
    pending: ['Pending', 'info'], requires_action: ['Needs action', 'attention'], succeeded: ['Refunded', 'good'],
    failed: ['Failed', 'bad'], canceled: ['Cancelled', 'quiet'],
  },
  dispute: {
    warning_needs_response: ['Inquiry: answer', 'attention'], warning_under_review: ['Inquiry in review', 'info'],
    warning_closed: ['Inquiry closed', 'quiet'], needs_response: ['Needs answer', 'bad'], under_review: ['In review', 'info'],
    won: ['Won', 'good'], lost: ['Lost', 'bad'], prevented: ['Prevented', 'quiet'],
  },
  health: { ok: ['OK', 'good'], degraded: ['Degraded', 'attention'], failing: ['Failing', 'bad'] },
  severity: { warning: ['Warning', 'attention'], critical: ['Critical', 'bad'] },
  audit: {
    done: ['Done', 'good'], begun: ['Begun', 'info'], requested: ['Asked for', 'attention'], refused: ['Refused', 'attention'],
    failed: ['Failed', 'bad'], unknown: ['Not known yet', 'attention'],
  },
  attention: {
    past_due: ['Past due', 'attention'], unmapped: ['No plan of ours', 'bad'], ending: ['Ending', 'info'],
    collection_paused: ['Collection paused', 'info'], drift: ['Differs from Stripe', 'bad'],
  },
} as const satisfies Record<string, Words>;

export type StatusKind = keyof typeof STATUS;

/** `past_due` → `Past due`, for words this list does not have yet. */
export function sentenceCase(word: string): string {
  const text = word.replaceAll('_', ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function statusWords(kind: StatusKind, word: string): readonly [label: string, tone: Tone] {
  const words: Words = STATUS[kind];
  return words[word] ?? [sentenceCase(word), 'quiet'];
}

const PLANS: Readonly<Record<string, string>> = {
  founding_member: 'Founding Member', prospector: 'Prospector', networker: 'Networker', rainmaker: 'Rainmaker',
  unmapped: 'No plan of ours',
};

export function planName(plan: string | null): string {
  return plan === null ? 'No plan' : (PLANS[plan] ?? sentenceCase(plan));
}

const OPERATIONS: Readonly<Record<string, string>> = {
  refund: 'Refund', cancel: 'Cancel', undo_cancel: 'Undo cancellation', pause_collection: 'Pause collection',
  resume_collection: 'Resume collection', extend: 'Put payment off', retry_payment: 'Retry payment', credit: 'Give credit',
  change_plan: 'Change plan', keep_plan: 'Keep plan', reset_password: 'Reset password', resync: 'Resync with Stripe',
  acknowledge_alert: 'Acknowledge alert', replay_events: 'Replay events', manage_staff: 'Manage staff',
  change_limits: 'Change limits', read: 'Read', note: 'Write a note', approve: 'Approve or reject', withdraw: 'Withdraw a request',
  sign_in: 'Sign in', second_factor: 'Show a code at sign-in', step_up: 'Show a code again', sign_out: 'Sign out',
  revoke_session: 'End a session', offer_authenticator: 'Begin with an authenticator', set_up_authenticator: 'Set an authenticator up',
  ask_password_reset: 'Ask for a password link', set_password: 'Set a password', invite: 'Invite', change_role: 'Change role',
  disable: 'Disable', enable: 'Enable', ask_to_reset_authenticator: 'Ask to reset an authenticator',
  reset_authenticator: 'Reset an authenticator', create_owner: 'Make the first owner', verify_audit: 'Verify the audit log',
};

export function operationName(operation: string): string {
  return OPERATIONS[operation] ?? sentenceCase(operation);
}

export const REFUND_REASONS = {
  paid_twice: 'Paid twice', unwanted_renewal: 'Unwanted renewal', service_problem: 'Service problem', wrong_amount: 'Wrong amount',
  fraud: 'Fraud', goodwill: 'Goodwill', other: 'Other',
} as const;

const BILLING_REASONS: Readonly<Record<string, string>> = {
  subscription_create: 'First payment', subscription_cycle: 'Renewal', subscription_update: 'Change of plan', manual: 'Made by hand',
};

/** Why Stripe made an invoice. */
export function billingReason(word: string | null): string {
  return word === null ? '–' : (BILLING_REASONS[word] ?? sentenceCase(word));
}

const CONCERNS: Readonly<Record<string, string>> = {
  over_action_limit: 'Over the limit for one refund or credit', over_day_limit: 'Over the limit for a day',
  other_currency: 'Not in US dollars', disputed: 'The charge is disputed: what is refunded may be lost twice',
  duplicate: 'This customer got the same amount within a day',
};

export function concernWords(concern: string): string {
  return CONCERNS[concern] ?? sentenceCase(concern);
}

export const ROLES = { viewer: 'Viewer', support: 'Support', billing: 'Billing', owner: 'Owner' } as const;

/** `1 row`, `2 rows`; with separators. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}
