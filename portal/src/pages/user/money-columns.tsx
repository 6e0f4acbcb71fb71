import type { Charge, Dispute, Invoice, Refund } from '@/api/types';
import { CopyId } from '@/ui/CopyId';
import { Money } from '@/ui/Money';
import { Badge, Status } from '@/ui/Status';
import { StripeLink } from '@/ui/StripeLink';
import type { Column } from '@/ui/table/types';
import { When } from '@/ui/When';
import { billingReason, sentenceCase } from '@/util/words';
import { InvoiceFor } from './InvoiceFor';
import classes from './UserPage.module.css';

const date = <T extends { created_at: string }>(): Column<T> => ({ key: 'date', header: 'Date', cell: (it) => <When at={it.created_at} as="day" /> });
const link = <T extends { id: string }>(account: string): Column<T> => ({
  key: 'link', header: 'Stripe', align: 'right', foldBelow: 'sm', cell: (it) => <StripeLink id={it.id} account={account}>Open</StripeLink>,
});

function WhichCharge({ of: { amount, created_at } }: { of: Charge }) {
  return <span className={classes.pair}><Money of={amount} /> <span className={classes.quiet}><When at={created_at} as="day" /></span></span>;
}

/** The charge that something is about, as it stands among the charges. */
const ofCharge = <T extends { charge: string | null }>(charges: readonly Charge[] | undefined): Column<T> => ({
  key: 'charge', header: 'Of the charge', foldBelow: 'sm', isEmpty: (it) => it.charge === null,
  cell: ({ charge: id }) => {
    const charge = charges?.find((it) => it.id === id);
    if (charge) return <WhichCharge of={charge} />;
    return id === null ? <span className={classes.quiet}>–</span> : <CopyId id={id} of="charge’s id" shorten={12} />;
  },
});

function ChargeState({ of: { disputed, status, refunded, left } }: { of: Charge }) {
  if (disputed) return <Badge tone="bad">Disputed</Badge>;
  if (status !== 'succeeded') return <Badge tone={status === 'failed' ? 'bad' : 'info'}>{sentenceCase(status)}</Badge>;
  if (refunded.amount_cents === 0) return <Badge tone="good">Paid</Badge>;
  return <Badge tone="quiet">{left.amount_cents === 0 ? 'Refunded' : 'Partly refunded'}</Badge>;
}

/** What a charge was for: the reason and the number of its invoice. */
const forInvoice = (invoices: readonly Invoice[]): Column<Charge> => ({
  key: 'for', header: 'For', isEmpty: (it) => it.invoice === null,
  cell: ({ invoice: id }) => {
    const invoice = invoices.find((it) => it.id === id);
    if (invoice) return <span className={classes.stack}>{billingReason(invoice.billing_reason)}<span className={classes.quiet}>{invoice.number}</span></span>;
    return id === null ? <span className={classes.quiet}>–</span> : <CopyId id={id} of="invoice’s id" shorten={12} />;
  },
});

export const chargeColumns = (account: string, invoices: readonly Invoice[]): Column<Charge>[] => [
  date(),
  forInvoice(invoices),
  {
    key: 'status', header: 'Status',
    cell: (it) => <span className={classes.stack}><ChargeState of={it} />{it.failure !== null && <span className={classes.quiet}>{it.failure}</span>}</span>,
  },
  { key: 'amount', header: 'Amount', align: 'right', cell: (it) => <Money of={it.status === 'succeeded' ? it.amount : it.asked} /> },
  {
    key: 'refunded', header: 'Refunded', align: 'right', foldBelow: 'sm', isEmpty: (it) => it.refunded.amount_cents === 0,
    cell: (it) => <Money of={it.refunded} quietZero />,
  },
  {
    key: 'left', header: 'Left', align: 'right', foldBelow: 'sm', isEmpty: (it) => it.refunded.amount_cents === 0,
    cell: (it) => <Money of={it.left} quietZero />,
  },
  link(account),
];

function InvoiceNumber({ of: { hosted_url, number, id } }: { of: Invoice }) {
  if (hosted_url === null) return number ?? id;
  return (
    <a className={classes.pair} href={hosted_url} target="_blank" rel="noopener noreferrer">
      {number ?? id}<span className="visually-hidden"> (opens in a new tab)</span>
    </a>
  );
}

export const invoiceColumns = (account: string): Column<Invoice>[] => [
  date(),
  { key: 'for', header: 'For', cell: (it) => <InvoiceFor of={it} /> },
  { key: 'number', header: 'Number', foldBelow: 'sm', cell: (it) => <InvoiceNumber of={it} /> },
  {
    key: 'status', header: 'Status', foldBelow: 'sm', isPlain: true,
    cell: (it) => (
      <span className={classes.stack}>
        <Status kind="invoice" word={it.status ?? 'draft'} />
        {it.next_attempt_at !== null && it.status === 'open' &&
          <span className={classes.quiet}>Tried {it.attempts} times, again <When at={it.next_attempt_at} /></span>}
      </span>
    ),
  },
  { key: 'due', header: 'Due', align: 'right', cell: (it) => <Money of={it.due} /> },
  {
    key: 'remaining', header: 'Open', align: 'right', foldBelow: 'sm', isEmpty: (it) => it.remaining.amount_cents === 0,
    cell: (it) => <Money of={it.remaining} quietZero />,
  },
  link(account),
];

/** Of a refund that was ordered here, the reason is the one that was given here. */
export const refundColumns = (account: string, charges: readonly Charge[] | undefined, reasons: ReadonlyMap<string, string>): Column<Refund>[] => {
  const reason = (it: Refund) => reasons.get(it.id) ?? (it.reason === null ? null : sentenceCase(it.reason));
  return [
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
    ofCharge(charges),
    { key: 'reason', header: 'Reason', foldBelow: 'sm', isEmpty: (it) => reason(it) === null,
      cell: (it) => reason(it) ?? <span className={classes.quiet}>–</span> },
    { key: 'amount', header: 'Amount', align: 'right', cell: (it) => <Money of={it.amount} /> },
    link(account),
  ];
};

export const disputeColumns = (account: string, charges: readonly Charge[] | undefined): Column<Dispute>[] => [
  date(),
  { key: 'status', header: 'Status', cell: (it) => <Status kind="dispute" word={it.status} /> },
  ofCharge(charges),
  { key: 'reason', header: 'Reason', foldBelow: 'sm', cell: (it) => sentenceCase(it.reason) },
  {
    key: 'deadline', header: 'Answer by', foldBelow: 'sm', isEmpty: (it) => it.closed,
    cell: (it) => (it.closed ? <span className={classes.quiet}>Closed</span>
      : <span className={classes.stack}><When at={it.evidence_due_by} as="day" />
        <span className={classes.quiet}><When at={it.evidence_due_by} /></span></span>),
  },
  { key: 'amount', header: 'Amount', align: 'right', cell: (it) => <Money of={it.amount} /> },
  link(account),
];
