// Amounts that are refunded most often.

import type { Charge } from '@/api/types';

export interface QuickAmount {
  key: 'all' | 'half' | 'difference';
  label: string;
  amount_cents: number;
}

/** Of what is left of a charge: all, half, and by how much it was more than the charge before. The latest comes first. */
export function quickAmounts(charge: Charge, charges: readonly Charge[]): QuickAmount[] {
  const left = charge.left.amount_cents;
  if (left <= 0) return [];
  const before = charges.find((it) => it.created_at < charge.created_at && it.status === 'succeeded' && it.amount.currency === charge.amount.currency);
  const more = before === undefined ? 0 : charge.amount.amount_cents - before.amount.amount_cents;
  const amounts: QuickAmount[] = [{ key: 'all', label: 'All', amount_cents: left }];
  if (left > 1) amounts.push({ key: 'half', label: 'Half', amount_cents: Math.floor(left / 2) });
  if (more > 0 && more < left) amounts.push({ key: 'difference', label: 'Difference to the charge before', amount_cents: more });
  return amounts;
}
