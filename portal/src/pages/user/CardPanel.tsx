import type { User } from '@/api/types';
import { Facts } from '@/ui/Facts';
import { Money } from '@/ui/Money';
import { Panel } from '@/ui/Panel';
import { Badge } from '@/ui/Status';
import { now } from '@/util/clock';
import { sentenceCase } from '@/util/words';

/** A card expires at the end of its month. */
export function hasExpired(year: number, month: number, at_ms: number): boolean {
  return at_ms >= Date.UTC(year, month, 1);
}

/** What is paid from, and what was paid in all. */
export function CardPanel({ user }: { user: User }) {
  const { card, totals } = user;
  const isOver = card?.exp_year != null && card.exp_month != null && hasExpired(card.exp_year, card.exp_month, now());
  const expires = card?.exp_year == null ? '' : ` ${String(card.exp_month).padStart(2, '0')}/${String(card.exp_year)}`;
  const paid = totals.flatMap((it) => {
    const suffix = totals.length > 1 ? ` (${it.currency.toUpperCase()})` : '';
    const money = (amount_cents: number) => <Money of={{ amount_cents, currency: it.currency }} quietZero />;
    return [
      [`Paid${suffix}`, money(it.paid_cents)] as const,
      [`Refunded${suffix}`, money(it.refunded_cents)] as const,
      [`Disputed${suffix}`, money(it.disputed_cents)] as const,
    ];
  });
  return (
    <Panel title="Payment">
      <Facts of={[
        ['Card', card === null ? 'None on file' : (
          <span key="card">
            {sentenceCase(card.brand ?? card.kind)} •••• {card.last4 ?? '????'},{expires} {isOver && <Badge tone="bad">Expired</Badge>}
          </span>
        )],
        ...paid,
      ]} />
    </Panel>
  );
}
