import type { EntryKind } from '@/api/types';
import { DOINGS, type Doing } from '@/forms/user/offers';

/** What of a customer's page stands in its address: the form that is open, so that a reload leaves it open, and the timeline's filter. */
export interface UserSearch {
  do?: Doing;
  charge?: string;
  kind?: EntryKind;
}

export const KINDS: readonly EntryKind[] = ['event', 'action', 'mail', 'plan_change'];

export function readUserSearch(search: Record<string, unknown>): UserSearch {
  const charge = typeof search.charge === 'string' && /^(ch|py)_\w+$/.test(search.charge) ? search.charge : undefined;
  return { do: DOINGS.find((it) => it === search.do), charge, kind: KINDS.find((it) => it === search.kind) };
}
