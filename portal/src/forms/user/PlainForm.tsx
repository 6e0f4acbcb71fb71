import { changeSubscription, keepPlan } from '@/api/orders';
import type { UserMoney } from '@/api/types';
import { formatMoney } from '@/util/money';
import { orderSentence } from '@/util/order';
import { operationName, planName } from '@/util/words';
import { ReasonField, reasonMissing } from '../ReasonField';
import { openInvoice } from './offers';
import { OrderDialog } from './OrderDialog';
import type { UserFormProps } from './props';
import { useDraft } from './useDraft';
import { useOrder } from './useOrder';

export type Plain = 'undo_cancel' | 'pause_collection' | 'resume_collection' | 'retry_payment' | 'keep_plan';

const LABELS: Readonly<Record<Plain, string>> = {
  undo_cancel: 'Keep the subscription', pause_collection: 'Pause collection', resume_collection: 'Resume collection',
  retry_payment: 'Charge now', keep_plan: 'Keep the plan',
};

interface Props extends UserFormProps {
  doing: Plain;
  money: UserMoney | undefined;
}

/** Orders for which nothing is to be chosen. */
export function PlainForm({ doing, user, person, money, onClose }: Props) {
  const order = useOrder(user.id, doing);
  const { draft, set, clear } = useDraft(`${doing}:${user.id}`, { reason: '' });
  const amount = doing === 'retry_payment' ? openInvoice(user, money)?.remaining : undefined;
  const reason = draft.reason.trim();
  const plan = planName(user.plan);
  const summary = doing === 'keep_plan' && user.subscription?.pending_change
    ? `${person} stays on ${plan}; the change to ${planName(user.subscription.pending_change.to)} is taken back.`
    : orderSentence({ operation: doing, amount }, person);
  return (
    <OrderDialog title={`${operationName(doing)}: ${person}`} person={person} order={order} summary={summary} blocked={reasonMissing(reason)}
      confirmLabel={amount ? `Charge ${formatMoney(amount)} now` : LABELS[doing]} onDone={clear} onClose={onClose}
      onSend={(id) => (doing === 'keep_plan' ? keepPlan(user.id, id, reason) : changeSubscription(user.id, id, { operation: doing }, reason))}>
      <ReasonField value={draft.reason} onChange={(next) => { set({ reason: next }); }} />
    </OrderDialog>
  );
}
