import type { UserRow } from '@/api/types';
import { Money } from '@/ui/Money';
import { Status } from '@/ui/Status';
import type { Column } from '@/ui/table/types';
import { When } from '@/ui/When';
import type { CsvColumn } from '@/util/csv';
import { decimal } from '@/util/money';
import { planName, statusWords } from '@/util/words';
import classes from './UsersPage.module.css';

const name = (row: UserRow) => row.name ?? row.email ?? row.id;

/** What the status says already. */
const SAID: Readonly<Record<string, string>> = { past_due: 'past_due', canceled: 'ending' };

function Standing({ row }: { row: UserRow }) {
  const more = row.attention.filter((it) => it !== SAID[row.status]);
  return (
    <span className={classes.badges}>
      <Status kind="subscription" word={row.status} />
      {more.map((it) => <Status key={it} kind="attention" word={it} />)}
      {row.deleted && <Status kind="subscription" word="deleted" />}
    </span>
  );
}

function Next({ row }: { row: UserRow }) {
  if (row.ends_at === null) return <When at={row.next_charge_at} as="day" />;
  const verb = row.status === 'canceled' ? 'Ended' : 'Ends';
  return <span className={classes.next}><span className={classes.quiet}>{verb}</span> <When at={row.ends_at} as="day" /></span>;
}

export const columns: readonly Column<UserRow>[] = [
  {
    key: 'name', header: 'Name', sort: { ascending: 'name' }, isName: true,
    cell: (row) => (
      <span className={classes.person}>
        <span className={classes.name}>{name(row)}</span>
        {row.name !== null && <span className={classes.mail}>{row.email}</span>}
      </span>
    ),
  },
  { key: 'status', header: 'Status', foldBelow: 'sm', isPlain: true, cell: (row) => <Standing row={row} /> },
  {
    key: 'plan', header: 'Plan', foldBelow: 'sm', isEmpty: (row) => row.plan === null,
    cell: (row) => <span className={row.plan === null ? classes.quiet : undefined}>{planName(row.plan)}</span>,
  },
  { key: 'amount', header: 'Amount', align: 'right', cell: (row) => <Money of={row.amount} /> },
  {
    key: 'next', header: 'Next charge', align: 'right', foldBelow: 'sm', isEmpty: (row) => row.next_charge_at === null && row.ends_at === null,
    cell: (row) => <Next row={row} />,
  },
  {
    key: 'since', header: 'Customer since', align: 'right', foldBelow: 'sm', sort: { ascending: 'oldest', descending: 'newest' },
    cell: (row) => <When at={row.created_at} as="day" />,
  },
];

export const fileColumns: readonly CsvColumn<UserRow>[] = [
  { header: 'id', value: (row) => row.id },
  { header: 'name', value: (row) => row.name },
  { header: 'email', value: (row) => row.email },
  { header: 'plan', value: (row) => row.plan && planName(row.plan) },
  { header: 'status', value: (row) => statusWords('subscription', row.status)[0] },
  { header: 'amount', value: (row) => (row.amount ? Number(decimal(row.amount)) : null) },
  { header: 'currency', value: (row) => row.amount?.currency },
  { header: 'next_charge_at', value: (row) => row.next_charge_at },
  { header: 'ends_at', value: (row) => row.ends_at },
  { header: 'customer_since', value: (row) => row.created_at },
  { header: 'attention', value: (row) => row.attention.map((it) => statusWords('attention', it)[0]).join('; ') },
];
