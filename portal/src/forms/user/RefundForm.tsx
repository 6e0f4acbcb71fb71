import { useQuery } from '@tanstack/react-query';
import { ApiError } from '@/api/error';
import { refund } from '@/api/orders';
import type { Charge, RefundReason } from '@/api/types';
import { chargesQuery } from '@/api/user';
import { EmptyState } from '@/ui/states/EmptyState';
import { FormError } from '@/ui/states/ErrorState';
import { LoadingRows } from '@/ui/states/Loading';
import { formatMoney, parseAmount } from '@/util/money';
import { day } from '@/util/time';
import { reasonMissing } from '../ReasonField';
import { isRunning } from './offers';
import { OrderDialog } from './OrderDialog';
import type { UserFormProps } from './props';
import { RefundFields, type RefundDraft } from './RefundFields';
import { useDraft } from './useDraft';
import { useOrder } from './useOrder';
import { useRefundPreview } from './useRefundPreview';
import { Verdict } from './Verdict';

/** Refusals that are about the amount, and stand beside it. */
const OF_AMOUNT = ['over_what_is_left', 'invalid_amount', 'other_currency'];

/** Gives back a charge, or a part of it. */
export function RefundForm({ user, person, charge: wanted, onClose }: UserFormProps & { charge: string | undefined }) {
  const order = useOrder(user.id, 'refund');
  const charges = useQuery(chargesQuery(user.id));
  const { draft, set, clear } = useDraft<RefundDraft>(`refund:${user.id}`, { charge: wanted ?? '', amount: '', why: '', reason: '', cancel: false });
  const open = charges.data?.charges.filter((it) => it.left.amount_cents > 0) ?? [];
  const charge = open.find((it) => it.id === draft.charge) ?? open[0];
  const currency = charge?.left.currency ?? 'usd';
  const cents = parseAmount(draft.amount, currency) ?? 0;
  const amount = { amount_cents: cents, currency };
  const preview = useRefundPreview(user.id, charge && cents > 0 ? { charge: charge.id, amount, thenCancel: draft.cancel } : null);
  const failure = order.error ?? preview.error;
  const ofAmount = failure instanceof ApiError && OF_AMOUNT.includes(failure.code) ? failure.message : null;
  const isRefused = ofAmount !== null || preview.verdict === 'refused';
  const words = formatMoney(amount);
  const verb = preview.verdict === 'needs_approval' ? 'Ask to refund' : 'Refund';
  return (
    <OrderDialog title={`Refund: ${person}`} person={person} order={order} isErrorShown={ofAmount !== null} onDone={clear} onClose={onClose}
      blocked={missingOf(draft, charge, cents, isRefused)} summary={charge && cents > 0 ? sentence(words, charge, person, draft.cancel) : 'Choose an amount.'}
      confirmLabel={cents > 0 ? `${verb} ${words}` : 'Refund'} isDangerous={draft.cancel}
      onSend={(id) => refund(user.id, id, {
        charge: charge?.id ?? '', amount_cents: cents, currency, why: draft.why as RefundReason, reason: draft.reason.trim(), then_cancel: draft.cancel,
      })}>
      {charges.isPending && <LoadingRows rows={2} />}
      {charges.isError && <FormError error={charges.error} />}
      {charges.data && !charge && <EmptyState title="Nothing is left to refund" />}
      {charges.data && charge && (
        <RefundFields draft={draft} set={set} open={open} charge={charge} charges={charges.data.charges} cents={cents} amountError={ofAmount}
          canCancel={isRunning(user)}>
          <Verdict {...preview} />
          {ofAmount === null && order.error === null && <FormError error={preview.error} />}
        </RefundFields>
      )}
    </OrderDialog>
  );
}

function sentence(words: string, charge: Charge, person: string, thenCancel: boolean): string {
  return `${words} of the charge of ${day(charge.created_at)} goes back to ${person}${thenCancel ? ', and the subscription ends at once' : ''}.`;
}

/** What is missing before it can be sent. */
function missingOf({ why, reason }: RefundDraft, charge: Charge | undefined, cents: number, isRefused: boolean): string | null {
  if (!charge) return 'No charge can be refunded.';
  if (cents <= 0) return 'An amount is needed, such as 25 or 31.07.';
  if (isRefused) return 'This amount is refused.';
  return why === '' ? 'Say what kind of reason it is.' : reasonMissing(reason);
}
