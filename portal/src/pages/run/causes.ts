import { sentenceCase } from '@/util/words';

const CAUSES: Readonly<Record<string, string>> = {
  missed_event: 'Missed event', changed_in_dashboard: 'Changed in Stripe’s dashboard', unmapped_price: 'Price of no plan', our_defect: 'A defect of ours',
  not_at_stripe: 'Not at Stripe',
};

export function causeWords(cause: string): string {
  return CAUSES[cause] ?? sentenceCase(cause);
}

/** What was done about it in that night. */
export function policyWords(policy: 'repair' | 'report'): string {
  return policy === 'repair' ? 'Repaired' : 'Left to a person';
}
