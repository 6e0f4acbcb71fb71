import type { Charge, Order, User } from '@/api/types';
import { formatMoney, type Amount } from '@/util/money';
import { day } from '@/util/time';
import { planName, statusWords } from '@/util/words';

type Side = Record<string, string>;

const moved = ({ amount_cents, currency }: Amount, by_cents: number) => formatMoney({ amount_cents: amount_cents + by_cents, currency });

/** What an order changes, in words: how it is now and how it would be. */
export function whatChanges(order: Order, user: User, charge: Charge | undefined): { before: Side; after: Side } {
  const before: Side = {};
  const after: Side = {};
  const change = (name: string, now: string, then: string) => {
    before[name] = now;
    after[name] = then;
  };
  const status = () => { change('Subscription', statusWords('subscription', user.status)[0], statusWords('subscription', 'canceled')[0]); };
  const period_end = user.subscription?.period_end;
  switch (order.operation) {
    case 'refund':
      if (charge) {
        change('Refunded of the charge', formatMoney(charge.refunded), moved(charge.refunded, order.amount.amount_cents));
        change('Left to refund', formatMoney(charge.left), moved(charge.left, -order.amount.amount_cents));
      }
      if (order.then_cancel !== undefined) status();
      break;
    case 'cancel':
      if (order.when === 'now') status();
      else if (period_end) change('Ends', 'Not planned', day(period_end));
      break;
    case 'undo_cancel':
      if (period_end) change('Ends', day(period_end), 'Not planned');
      break;
    case 'extend':
      if (period_end) change('Next payment', day(period_end), day(order.until));
      break;
    case 'change_plan': change('Plan', planName(order.from), planName(order.to)); break;
    case 'pause_collection': change('Collection', 'Running', 'Paused'); break;
    case 'resume_collection': change('Collection', 'Paused', 'Running'); break;
    case 'credit':
    case 'retry_payment':
    case 'keep_plan': break;
  }
  return { before, after };
}
