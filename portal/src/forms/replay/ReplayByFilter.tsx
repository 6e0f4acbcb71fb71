import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Replayed } from '@/api/health';
import type { EventOutcome } from '@/api/types';
import { now } from '@/util/clock';
import { dayAfter, utcDayOf } from '@/util/days';
import { utcDay } from '@/util/time';
import { STATUS } from '@/util/words';
import classes from '../forms.module.css';
import { ReplayDialog } from './ReplayDialog';

const OUTCOMES: readonly EventOutcome[] = ['dead', 'quarantined', 'refused', 'pending', 'applied', 'stale', 'ignored'];

/** Chooses events by when they came in and what became of them; what a replay changes is shown next. */
export function ReplayByFilter({ onClose }: { onClose: () => void }) {
  const today = utcDay(now());
  const [from, setFrom] = useState(dayAfter(today, -7));
  const [to, setTo] = useState(today);
  const [outcomes, setOutcomes] = useState<string[]>(['dead', 'quarantined']);
  const [type, setType] = useState('');
  const [customer, setCustomer] = useState('');
  const [choice, setChoice] = useState<Replayed | null>(null);
  if (choice) return <ReplayDialog choice={choice} onClose={onClose} />;

  const span = spanError(from, to);
  const isNoCustomer = customer.trim() !== '' && !customer.trim().startsWith('cus_');
  const show = () => {
    setChoice({
      matching: {
        from: `${from}T00:00:00.000Z`, to: `${dayAfter(to, 1)}T00:00:00.000Z`, outcomes: outcomes as EventOutcome[],
        types: type.trim() === '' ? [] : type.split(',').map((it) => it.trim()), customer: customer.trim() === '' ? undefined : customer.trim(),
      },
    });
  };
  return (
    <Modal opened onClose={onClose} title="Replay events that match" closeOnClickOutside={false}>
      <form className={classes.fields} onSubmit={(event) => { event.preventDefault(); show(); }}>
        <div className={classes.pair}>
          <TextInput type="date" label="Came in from" description="Days are in UTC." value={from} max={today} required
            onChange={(event) => { setFrom(event.currentTarget.value); }} />
          <TextInput type="date" label="To the end of" description="31 days at most." value={to} max={today} required error={span}
            onChange={(event) => { setTo(event.currentTarget.value); }} />
        </div>
        <Checkbox.Group label="What became of them" value={outcomes} onChange={setOutcomes}>
          <div className={classes.choices}>{OUTCOMES.map((it) => <Checkbox key={it} value={it} label={STATUS.event[it][0]} />)}</div>
        </Checkbox.Group>
        <TextInput label="Types" placeholder="Any" description="Such as invoice.paid; several with commas between." value={type}
          onChange={(event) => { setType(event.currentTarget.value); }} />
        <TextInput label="Customer" placeholder="Any" description="An id. For one customer the days are those on which Stripe made the events." value={customer}
          error={isNoCustomer ? 'The id of a customer begins with cus_.' : null} onChange={(event) => { setCustomer(event.currentTarget.value); }} />
        <Button type="submit" disabled={span !== null || outcomes.length === 0 || isNoCustomer}>Show what it would change</Button>
      </form>
    </Modal>
  );
}

/** Longest span the server takes. */
const DAYS_MAX = 31;

function spanError(from: string, to: string): string | null {
  if (utcDayOf(from) === undefined || utcDayOf(to) === undefined) return 'Two days are needed.';
  if (to < from) return 'It is before the first day.';
  return dayAfter(from, DAYS_MAX) <= to ? 'At most 31 days at once.' : null;
}
