import { Checkbox } from '@mantine/core';
import type { ReactNode } from 'react';
import type { EventRow } from '@/api/types';
import { Status } from '@/ui/Status';
import { DataTable } from '@/ui/table/DataTable';
import type { Column } from '@/ui/table/types';
import { UserLink } from '@/ui/UserLink';
import { When } from '@/ui/When';
import classes from './Health.module.css';

interface Props {
  rows: readonly EventRow[] | undefined;
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
  error: unknown;
  onRetry: () => unknown;
  empty: ReactNode;
  more: { has: boolean; isLoading: boolean; load: () => unknown };
}

export function EventTable({ rows, chosen, onChoose, ...rest }: Props) {
  const choose = (id: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(id);
    else next.delete(id);
    onChoose(next);
  };
  const columns: Column<EventRow>[] = [
    {
      key: 'choose', header: 'Choose', isAction: true,
      cell: (it) => (
        <Checkbox size="xs" radius="xs" checked={chosen.has(it.id)} aria-label={`Choose ${it.kind} ${it.id}`}
          onChange={(event) => { choose(it.id, event.currentTarget.checked); }} />
      ),
    },
    { key: 'kind', header: 'Event', isName: true, cell: (it) => it.kind },
    { key: 'outcome', header: 'Outcome', cell: (it) => <Status kind="event" word={it.outcome} /> },
    {
      key: 'customer', header: 'Customer', foldBelow: 'sm', isEmpty: (it) => it.customer === null,
      cell: (it) => (it.customer === null ? <span className={classes.quiet}>–</span> : <UserLink id={it.customer}>{it.customer}</UserLink>),
    },
    {
      key: 'reason', header: 'Reason', foldBelow: 'md', isEmpty: (it) => it.reason === null,
      cell: ({ reason }) => (reason === null ? <span className={classes.quiet}>–</span> : <span className={classes.reason} title={reason}>{reason}</span>),
    },
    { key: 'attempts', header: 'Attempts', align: 'right', foldBelow: 'sm', cell: (it) => <span className="number">{it.attempts}</span> },
    { key: 'received', header: 'Received', foldBelow: 'sm', cell: (it) => <When at={it.received_at} /> },
  ];
  return <DataTable label="Events" columns={columns} rows={rows} rowKey={(it) => it.id} rowTo={(it) => `/events/${it.id}`} unit="event" {...rest} />;
}
