import { NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ApiError } from '@/api/error';
import { changeSubscription } from '@/api/orders';
import { session } from '@/api/session';
import { policyQuery } from '@/api/user';
import { useStore } from '@/util/store';
import { day } from '@/util/time';
import { count } from '@/util/words';
import { ReasonField, reasonMissing } from '../ReasonField';
import { OrderDialog } from './OrderDialog';
import type { UserFormProps } from './props';
import { useDraft } from './useDraft';
import { useOrder } from './useOrder';
import { Verdict } from './Verdict';

/** The server's bound. */
const DAYS_MAX = 90;
const DAY_MS = 86_400_000;

/** Puts the next payment off. */
export function ExtendForm({ user, person, onClose }: UserFormProps) {
  const order = useOrder(user.id, 'extend');
  const { draft, set, clear } = useDraft<{ days: number | ''; reason: string }>(`extend:${user.id}`, { days: 7, reason: '' });
  const role = useStore(session)?.person.role;
  const policy = useQuery(policyQuery).data;
  const alone = role == null ? undefined : policy?.limits[role]?.extend_days;
  const days = typeof draft.days === 'number' ? draft.days : 0;
  const isFit = Number.isInteger(days) && days >= 1 && days <= DAYS_MAX;
  const due = user.subscription?.period_end ?? null;
  const until = due === null || !isFit ? '' : `, from ${day(due)} to ${day(Date.parse(due) + days * DAY_MS)}`;
  const wrong = order.error instanceof ApiError && order.error.code === 'invalid_days' ? order.error.message : null;
  const missing = isFit ? reasonMissing(draft.reason) : `A whole number of days from 1 to ${String(DAYS_MAX)} is needed.`;
  return (
    <OrderDialog title={`Put the next payment off: ${person}`} person={person} order={order} blocked={missing} isErrorShown={wrong !== null}
      summary={isFit ? `The next payment of ${person} is put off by ${count(days, 'day')}${until}.` : 'Choose by how many days.'}
      confirmLabel={`Put off by ${count(days, 'day')}`} onDone={clear} onClose={onClose}
      onSend={(id) => changeSubscription(user.id, id, { operation: 'extend', days }, draft.reason.trim())}>
      <NumberInput label="Days" value={draft.days} min={1} max={DAYS_MAX} allowDecimal={false} allowNegative={false} error={wrong} data-autofocus
        onChange={(next) => { set({ days: next === '' ? '' : Number(next) }); }} />
      <Verdict verdict={alone === undefined || !isFit ? null : days > alone ? 'needs_approval' : 'allowed'} approver="billing" />
      <ReasonField value={draft.reason} onChange={(reason) => { set({ reason }); }} />
    </OrderDialog>
  );
}
