import { Radio } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { changeSubscription } from '@/api/orders';
import type { OrderForm } from '@/api/types';
import { unusedQuery } from '@/api/user';
import { formatMoney } from '@/util/money';
import { day } from '@/util/time';
import { ReasonField, reasonMissing } from '../ReasonField';
import { OrderDialog } from './OrderDialog';
import type { UserFormProps } from './props';
import { useDraft } from './useDraft';
import { useOrder } from './useOrder';
import { useRefundPreview } from './useRefundPreview';
import { Verdict } from './Verdict';
import classes from './user-forms.module.css';

type Way = 'period_end' | 'now' | 'refund';

/** Ends a subscription: with its period, at once, or at once with money back for the rest. */
export function CancelForm({ user, person, onClose }: UserFormProps) {
  const order = useOrder(user.id, 'cancel');
  const isEnding = user.subscription?.cancel_at_period_end === true;
  const { draft, set, clear } = useDraft<{ way: Way; reason: string }>(`cancel:${user.id}`, { way: isEnding ? 'now' : 'period_end', reason: '' });
  const unused = useQuery(unusedQuery(user.id));
  const back = unused.data && unused.data.unused.amount_cents > 0 ? unused.data.unused : null;
  const isBack = draft.way === 'refund';
  const preview = useRefundPreview(user.id, isBack && back && unused.data ? { charge: unused.data.charge, amount: back, thenCancel: true } : null);
  const ends = user.subscription?.period_end ? day(user.subscription.period_end) : 'the period’s end';
  const amount = back ? formatMoney(back) : '';
  const form: OrderForm = draft.way === 'period_end' ? { operation: 'cancel', when: 'period_end' }
    : { operation: 'cancel', when: 'now', ...(isBack && back ? { refund_cents: back.amount_cents } : {}) };
  const summary = {
    period_end: `The subscription of ${person} ends on ${ends}. Nothing is charged after that, and it can be undone until then.`,
    now: `The subscription of ${person} ends at once, and access with it. Nothing is given back.`,
    refund: `The subscription of ${person} ends at once, and ${amount} goes back for the rest of the period.`,
  }[draft.way];
  const missing = isBack && back === null ? 'What is not used up is not known.' : reasonMissing(draft.reason);
  return (
    <OrderDialog title={`Cancel: ${person}`} person={person} order={order} summary={summary} isDangerous blocked={missing} onDone={clear} onClose={onClose}
      confirmLabel={{ period_end: `End it on ${ends}`, now: 'End it now', refund: `End it now and refund ${amount}` }[draft.way]}
      onSend={(id) => changeSubscription(user.id, id, form, draft.reason.trim())}>
      <Radio.Group label="When" value={draft.way} onChange={(way) => { set({ way: way }); }}>
        <div className={classes.choices}>
          <Radio value="period_end" label={`With the period, on ${ends}`} disabled={isEnding}
            description={isEnding ? 'It ends then already.' : 'What is paid for is used up.'} />
          <Radio value="now" label="Now, nothing back" />
          <Radio value="refund" label={back ? `Now, with ${amount} back` : 'Now, with money back'} disabled={back === null}
            description={back ? 'For the rest of the period.'
              : unused.isPending ? 'Asking Stripe what is not used up…' : unused.isError ? unused.error.message : 'Nothing is left to give back.'} />
        </div>
      </Radio.Group>
      {isBack && <Verdict {...preview} />}
      <ReasonField value={draft.reason} onChange={(reason) => { set({ reason }); }} />
    </OrderDialog>
  );
}
