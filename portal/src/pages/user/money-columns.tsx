import type { Charge, Dispute, Invoice, Refund } from '@/api/types';
import { Money } from '@/ui/Money';
import { Badge, Status } from '@/ui/Status';
import { StripeLink } from '@/ui/StripeLink';
import type { Column } from '@/ui/table/types';
import { When } from '@/ui/When';
import { sentenceCase } from '@/util/words';
import classes from './UserPage.module.css';

const date = <T extends { created_at: string }>(): Column<T> => ({ key: 'date', header: 'Date', cell: (it) => <When at={it.created_at} as="day" /> });
const link = <T extends { id: string }>(account: string): Column<T> => ({
  key: 'link', header: 'Stripe', align: 'right', hideBelow: 'sm', cell: (it) => <StripeLink id={it.id} account={account}>Open</StripeLink>,
});

export const chargeColumns = (account: string): Column<Charge>[] => [
  date(),
  {
    key: 'status', header: 'Status',
    cell: (it) => (
      <span className={classes.badges}>
        {it.disputed ? <Badge tone="bad">Disputed</Badge> : it.status !== 'succeeded' ? <Badge tone={it.status === 'failed' ? 'bad' : 'info'}>{sentenceCase(it.status)}</Badge>
          : it.refunded.amount_cents === 0 ? <Badge tone="good">Paid</Badge> : <Badge tone="quiet">{it.left.amount_cents === 0 ? 'Refunded' : 'Partly refunded'}</Badge>}
      </span>
    ),
  },
  { key: 'amount', header: 'Amount', align: 'right', cell: (it) => <Money of={it.amount} /> },
  { key: 'refunded', header: 'Refunded', align: 'right', hideBelow: 'sm', cell: (it) => <Money of={it.refunded} quietZero /> },
  { key: 'left', header: 'Left', align: 'right', hideBelow: 'sm', cell: (it) => <Money of={it.left} quietZero /> },
  link(account),
];

export const invoiceColumns = (account: string): Column<Invoice>[] => [
  date(),
  {
    key: 'number', header: 'Number',
    cell: (it) => (it.hosted_url === null ? (it.number ?? it.id)
      : <a href={it.hosted_url} target="_blank" rel="noopener noreferrer">{it.number ?? it.id}<span className="visually-hidden"> (opens in a new tab)</span></a>),
  },
  {
    key: 'status', header: 'Status',
    cell: (it) => (
      <span className={classes.stack}>
        <Status kind="invoice" word={it.status ?? 'draft'} />
        {it.next_attempt_at !== null && it.status === 'open' && <span className={classes.quiet}>Tried {it.attempts} times, again <When at={it.next_attempt_at} /></span>}
      </span>
    ),
  },
  { key: 'due', header: 'Due', align: 'right', cell: (it) => <Money of={it.due} /> },
  { key: 'remaining', header: 'Open', align: 'right', hideBelow: 'sm', cell: (it) => <Money of={it.remaining} quietZero /> },
  link(account),
];

export const refundColumns = (account: string): Column<Refund>[] => [
  date(),
  {
    key: 'status', header: 'Status',
    cell: (it) => (
      <span className={classes.stack}>
        <Status kind="refund" word={it.status ?? 'pending'} />
        {it.failure_reason !== null && <span className={classes.quiet}>{sentenceCase(it.failure_reason)}</span>}
      </span>
    ),
  },
  { key: 'reason', header: 'Reason', hideBelow: 'sm', cell: (it) => (it.reason === null ? <span className={classes.quiet}>–</span> : sentenceCase(it.reason)) },
  { key: 'amount', header: 'Amount', align: 'right', cell: (it) => <Money of={it.amount} /> },
  link(account),
];

export const disputeColumns = (account: string): Column<Dispute>[] => [
  date(),
  { key: 'status', header: 'Status', cell: (it) => <Status kind="dispute" word={it.status} /> },
  { key: 'reason', header: 'Reason', hideBelow: 'sm', cell: (it) => sentenceCase(it.reason) },
  { key: 'deadline', header: 'Answer by', cell: (it) => (it.closed ? <span className={classes.quiet}>Closed</span> : <span className={classes.stack}><When at={it.evidence_due_by} as="day" /><span className={classes.quiet}><When at={it.evidence_due_by} /></span></span>) },
  { key: 'amount', header: 'Amount', align: 'right', cell: (it) => <Money of={it.amount} /> },
  link(account),
];
