import { Button, Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import type { Charge } from '@/api/types';
import { decimal, formatMoney } from '@/util/money';
import { day } from '@/util/time';
import { REFUND_REASONS } from '@/util/words';
import type { ReactNode } from 'react';
import { REASON_MAX } from '../ReasonField';
import { quickAmounts } from './amounts';
import classes from './user-forms.module.css';

const WHYS = Object.entries(REFUND_REASONS).map(([value, label]) => ({ value, label }));

export interface RefundDraft {
  charge: string;
  amount: string;
  why: string;
  reason: string;
  cancel: boolean;
}

interface Props {
  draft: RefundDraft;
  set: (part: Partial<RefundDraft>) => void;
  /** Those of which something is left, and the chosen one. */
  open: readonly Charge[];
  charge: Charge;
  charges: readonly Charge[];
  cents: number;
  amountError: string | null;
  canCancel: boolean;
  /** What the server would decide. */
  children: ReactNode;
}

function chargeWords({ created_at, amount, refunded, left, disputed }: Charge): string {
  const rest = refunded.amount_cents > 0 ? [`${formatMoney(left)} left`] : [];
  return [day(created_at), formatMoney(amount), ...rest, ...(disputed ? ['disputed'] : [])].join(' · ');
}

/** Of which charge, how much, and why. */
export function RefundFields({ draft, set, open, charge, charges, cents, amountError, canCancel, children }: Props) {
  const { currency } = charge.left;
  return (
    <>
      <Select label="Charge" allowDeselect={false} value={charge.id} onChange={(next) => { set({ charge: next ?? '', amount: '' }); }}
        data={open.map((it) => ({ value: it.id, label: chargeWords(it) }))} />
      <div className={classes.choices}>
        <TextInput label="Amount" description={`Up to ${formatMoney(charge.left)}.`} leftSection={currency === 'usd' ? '$' : undefined} inputMode="decimal"
          autoComplete="off" autoFocus data-autofocus value={draft.amount} error={amountError}
            onChange={(event) => { set({ amount: event.currentTarget.value }); }} />
        <div className={classes.quick} role="group" aria-label="Amounts">
          {quickAmounts(charge, charges).map(({ key, label, amount_cents }) => (
            <Button key={key} size="compact-sm" variant={cents === amount_cents ? 'light' : 'default'}
              onClick={() => { set({ amount: decimal({ amount_cents, currency }) }); }}>
              {label}: {formatMoney({ amount_cents, currency })}
            </Button>
          ))}
        </div>
      </div>
      {children}
      <Select label="Kind of reason" placeholder="Choose one" data={WHYS} value={draft.why === '' ? null : draft.why}
        onChange={(why) => { set({ why: why ?? '' }); }} />
      <Textarea label="Comment" description="Kept in the audit log." autosize minRows={2} maxRows={6} maxLength={REASON_MAX} value={draft.reason}
        onChange={(event) => { set({ reason: event.currentTarget.value }); }} />
      {canCancel && <Checkbox label="End the subscription at once as well" checked={draft.cancel}
        onChange={(event) => { set({ cancel: event.currentTarget.checked }); }} />}
    </>
  );
}
