import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ApiError } from '@/api/error';
import { changeSubscription } from '@/api/orders';
import { session } from '@/api/session';
import { policyQuery } from '@/api/user';
import { formatMoney, parseAmount } from '@/util/money';
import { orderSentence } from '@/util/order';
import { useStore } from '@/util/store';
import { ReasonField, reasonMissing } from '../ReasonField';
import { OrderDialog } from './OrderDialog';
import type { UserFormProps } from './props';
import { useDraft } from './useDraft';
import { useOrder } from './useOrder';
import { Verdict } from './Verdict';

/** Credits are in the currency of the limits. */
const CURRENCY = 'usd';

/** Puts money to a customer's balance. */
export function CreditForm({ user, person, onClose }: UserFormProps) {
  const order = useOrder(user.id, 'credit');
  const { draft, set, clear } = useDraft(`credit:${user.id}`, { amount: '', reason: '' });
  const role = useStore(session)?.person.role;
  const policy = useQuery(policyQuery).data;
  const alone = role == null ? undefined : policy?.limits[role]?.per_action_cents;
  const cents = parseAmount(draft.amount, CURRENCY) ?? 0;
  const amount = { amount_cents: cents, currency: CURRENCY };
  const wrong = order.error instanceof ApiError && order.error.code === 'invalid_amount' ? order.error.message : null;
  const isOver = alone !== undefined && cents > alone;
  return (
    <OrderDialog title={`Give credit: ${person}`} person={person} order={order} isErrorShown={wrong !== null}
      blocked={cents > 0 ? reasonMissing(draft.reason) : 'An amount is needed, such as 25 or 31.07.'}
      summary={cents > 0 ? orderSentence({ operation: 'credit', amount }, person) : 'Choose an amount.'}
      confirmLabel={cents > 0 ? `Give ${formatMoney(amount)} credit` : 'Give credit'} onDone={clear} onClose={onClose}
      onSend={(id) => changeSubscription(user.id, id, { operation: 'credit', amount_cents: cents }, draft.reason.trim())}>
      <TextInput label="Amount" description="In US dollars. The next invoices are paid from it first." leftSection="$" inputMode="decimal"
        value={draft.amount} error={wrong} data-autofocus
        onChange={(event) => { set({ amount: event.currentTarget.value }); }} />
      <Verdict verdict={alone === undefined || cents === 0 ? null : isOver ? 'needs_approval' : 'allowed'} concerns={isOver ? ['over_action_limit'] : []}
        approver="billing" />
      <ReasonField value={draft.reason} onChange={(reason) => { set({ reason }); }} />
    </OrderDialog>
  );
}
