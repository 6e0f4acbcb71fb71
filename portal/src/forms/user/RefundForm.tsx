import { Button, Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ApiError } from '@/api/error';
import { refund } from '@/api/orders';
import type { RefundReason } from '@/api/types';
import { chargesQuery } from '@/api/user';
import { EmptyState } from '@/ui/states/EmptyState';
import { FormError } from '@/ui/states/ErrorState';
import { LoadingRows } from '@/ui/states/Loading';
import { decimal, formatMoney, parseAmount } from '@/util/money';
import { day } from '@/util/time';
import { REFUND_REASONS } from '@/util/words';
import { reasonMissing } from '../ReasonField';
import { quickAmounts } from './amounts';
import { isRunning } from './offers';
import { OrderDialog } from './OrderDialog';
import type { UserFormProps } from './props';
import { useDraft } from './useDraft';
import { useOrder } from './useOrder';
import { useRefundPreview } from './useRefundPreview';
import { Verdict } from './Verdict';
import classes from './user-forms.module.css';

const WHYS = Object.entries(REFUND_REASONS).map(([value, label]) => ({ value, label }));

/** Refusals that are about the amount, and stand beside it. */
const OF_AMOUNT = ['over_what_is_left', 'invalid_amount', 'other_currency'];

/** Gives back a charge, or a part of it. */
export function RefundForm({ user, person, charge: wanted, onClose }: UserFormProps & { charge: string | undefined }) {
  const order = useOrder(user.id, 'refund');
  const charges = useQuery(chargesQuery(user.id));
  const { draft, set, clear } = useDraft(`refund:${user.id}`, { charge: wanted ?? '', amount: '', why: '', reason: '', cancel: false });
  const open = charges.data?.charges.filter((it) => it.left.amount_cents > 0) ?? [];
  const charge = open.find((it) => it.id === draft.charge) ?? open[0];
  const currency = charge?.left.currency ?? 'usd';
  const cents = parseAmount(draft.amount, currency) ?? 0;
  const amount = { amount_cents: cents, currency };
  const preview = useRefundPreview(user.id, charge && cents > 0 ? { charge: charge.id, amount, thenCancel: draft.cancel } : null);
  const failure = order.error ?? preview.error;
  const ofAmount = failure instanceof ApiError && OF_AMOUNT.includes(failure.code) ? failure.message : null;
  const missing = !charge ? 'No charge can be refunded.' : cents <= 0 ? 'An amount is needed, such as 25 or 31.07.'
    : ofAmount !== null || preview.verdict === 'refused' ? 'This amount is refused.' : draft.why === '' ? 'Say what kind of reason it is.' : reasonMissing(draft.reason);
  const words = formatMoney(amount);
  const verb = preview.verdict === 'needs_approval' ? 'Ask to refund' : 'Refund';
  return (
    <OrderDialog title={`Refund: ${person}`} person={person} order={order} blocked={missing} isErrorShown={ofAmount !== null} onDone={clear} onClose={onClose}
      summary={charge && cents > 0 ? `${words} of the charge of ${day(charge.created_at)} goes back to ${person}${draft.cancel ? ', and the subscription ends at once' : ''}.` : 'Choose an amount.'}
      confirmLabel={cents > 0 ? `${verb} ${words}` : 'Refund'} isDangerous={draft.cancel}
      onSend={(id) => refund(user.id, id, {
        charge: charge?.id ?? '', amount_cents: cents, currency, why: draft.why as RefundReason, reason: draft.reason.trim(), then_cancel: draft.cancel,
      })}>
      {charges.isPending && <LoadingRows rows={2} />}
      {charges.isError && <FormError error={charges.error} />}
      {charges.data && !charge && <EmptyState title="Nothing is left to refund" />}
      {charge && (
        <>
          <Select label="Charge" allowDeselect={false} value={charge.id} onChange={(next) => { set({ charge: next ?? '', amount: '' }); }}
            data={open.map((it) => ({ value: it.id, label: `${day(it.created_at)} · ${formatMoney(it.amount)}${it.refunded.amount_cents > 0 ? ` · ${formatMoney(it.left)} left` : ''}${it.disputed ? ' · disputed' : ''}` }))} />
          <div className={classes.choices}>
            <TextInput label="Amount" description={`Up to ${formatMoney(charge.left)}.`} leftSection={currency === 'usd' ? '$' : undefined} inputMode="decimal" autoComplete="off" data-autofocus
              value={draft.amount} error={ofAmount} onChange={(event) => { set({ amount: event.currentTarget.value }); }} />
            <div className={classes.quick} role="group" aria-label="Amounts">
              {quickAmounts(charge, charges.data?.charges ?? []).map((it) => (
                <Button key={it.key} size="compact-sm" variant={cents === it.amount_cents ? 'light' : 'default'} onClick={() => { set({ amount: decimal({ amount_cents: it.amount_cents, currency }) }); }}>
                  {it.label}: {formatMoney({ amount_cents: it.amount_cents, currency })}
                </Button>
              ))}
            </div>
          </div>
          <Verdict {...preview} />
          {ofAmount === null && order.error === null && <FormError error={preview.error} />}
          <Select label="Kind of reason" placeholder="Choose one" data={WHYS} value={draft.why === '' ? null : draft.why} onChange={(why) => { set({ why: why ?? '' }); }} />
          <Textarea label="Comment" description="Kept in the audit log." autosize minRows={2} maxRows={6} maxLength={500} value={draft.reason} onChange={(event) => { set({ reason: event.currentTarget.value }); }} />
          {isRunning(user) && <Checkbox label="End the subscription at once as well" checked={draft.cancel} onChange={(event) => { set({ cancel: event.currentTarget.checked }); }} />}
        </>
      )}
    </OrderDialog>
  );
}
