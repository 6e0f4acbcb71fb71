import { NumberInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changeLimits } from '@/api/staff';
import type { Limits, Role } from '@/api/types';
import { decimal, formatMoney, parseAmount } from '@/util/money';
import { ROLES } from '@/util/words';
import classes from '../forms.module.css';
import { ReasonDialog } from '../ReasonDialog';

const CURRENCY = 'usd';

/** The server's bounds: above them a second person always looks. */
const CENTS_MAX = 1_000_000;
const DAYS_MAX = 90;

interface Props {
  role: Role;
  limits: Limits;
  onClose: () => void;
}

/** Changes up to where a role acts alone. */
export function LimitsDialog({ role, limits, onClose }: Props) {
  const client = useQueryClient();
  const usd = (amount_cents: number) => ({ amount_cents, currency: CURRENCY });
  const [action, setAction] = useState(decimal(usd(limits.per_action_cents)));
  const [day, setDay] = useState(decimal(usd(limits.per_day_cents)));
  const [days, setDays] = useState<number | string>(limits.extend_days);
  const next = { per_action_cents: parseAmount(action, CURRENCY), per_day_cents: parseAmount(day, CURRENCY),
    extend_days: typeof days === 'number' ? days : null };
  const error = (cents: number | null) => (cents === null ? 'An amount is needed, such as 200.00.'
    : cents > CENTS_MAX ? `At most ${formatMoney(usd(CENTS_MAX))}.` : null);
  const errors = {
    action: error(next.per_action_cents),
    day: error(next.per_day_cents) ?? ((next.per_day_cents ?? 0) < (next.per_action_cents ?? 0) ? 'Less than a single one may be.' : null),
    days: next.extend_days === null || next.extend_days > DAYS_MAX ? `0 to ${String(DAYS_MAX)} days.` : null,
  };
  const isSame = next.per_action_cents === limits.per_action_cents && next.per_day_cents === limits.per_day_cents && next.extend_days === limits.extend_days;
  const isWrong = errors.action !== null || errors.day !== null || errors.days !== null;
  const send = async (reason: string) => {
    await changeLimits(role, { per_action_cents: next.per_action_cents ?? 0, per_day_cents: next.per_day_cents ?? 0, extend_days: next.extend_days ?? 0 },
      reason);
    await client.invalidateQueries({ queryKey: ['policy'] });
  };
  return (
    <ReasonDialog opened onClose={onClose} title={`Limits of ${ROLES[role]}`} confirmLabel="Change the limits" onConfirm={send}
      blocked={isWrong ? 'Correct the limits first.' : isSame ? 'Nothing is changed yet.' : null}>
      <div className={classes.fields}>
        <span className={classes.quiet}>What is above them needs somebody else’s approval. They count at once, for everybody in this role.</span>
        <div className={classes.pair}>
          <TextInput label="A refund or credit" leftSection="$" inputMode="decimal" value={action} error={errors.action} data-autofocus
            onChange={(event) => { setAction(event.currentTarget.value); }} />
          <TextInput label="All in a day" leftSection="$" inputMode="decimal" value={day} error={errors.day}
            onChange={(event) => { setDay(event.currentTarget.value); }} />
        </div>
        <NumberInput label="Days a payment may be put off" value={days} min={0} max={DAYS_MAX} allowDecimal={false} allowNegative={false}
          error={errors.days} onChange={setDays} />
      </div>
    </ReasonDialog>
  );
}
