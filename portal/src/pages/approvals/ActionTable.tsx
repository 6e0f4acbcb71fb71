import type { ReactNode } from 'react';
import { expiresAt, isExpired } from '@/api/approvals';
import { session } from '@/api/session';
import type { Action } from '@/api/types';
import { Status } from '@/ui/Status';
import { DataTable } from '@/ui/table/DataTable';
import type { Column } from '@/ui/table/types';
import { UserLink } from '@/ui/UserLink';
import { When } from '@/ui/When';
import { useNow } from '@/util/clock';
import { orderWords } from '@/util/order';
import { useStore } from '@/util/store';
import { concernWords, ROLES } from '@/util/words';
import classes from './ApprovalsPage.module.css';

interface Props {
  label: string;
  actions: readonly Action[] | undefined;
  people: Readonly<Record<string, string>>;
  /** Only what waits: when it expires counts, and its state is known. */
  isQueue?: boolean;
  error: unknown;
  onRetry: () => unknown;
  empty: ReactNode;
  more?: { has: boolean; isLoading: boolean; load: () => unknown };
}

export function ActionTable({ label, actions, people, isQueue = false, error, onRetry, empty, more }: Props) {
  const me = useStore(session)?.person.id;
  const now_ms = useNow();
  const columns: Column<Action>[] = [
    { key: 'what', header: 'What', isName: true, cell: (it) => <span className={classes.what}>{orderWords(it.order)}</span> },
    {
      key: 'customer', header: 'Customer', foldBelow: 'sm',
      cell: (it) => <UserLink id={it.customer}>{people[it.customer] ?? it.customer}</UserLink>,
    },
    {
      key: 'by', header: 'Asked by', foldBelow: 'sm',
      cell: (it) => <>{it.requested_by === me ? 'You' : people[it.requested_by] ?? 'Unknown'} <span className={classes.quiet}>{ROLES[it.role]}</span></>,
    },
    { key: 'reason', header: 'Reason', foldBelow: 'md', cell: (it) => <span className={classes.reason} title={it.reason}>{it.reason}</span> },
    {
      key: 'concerns', header: 'Why it waits', foldBelow: 'lg', isEmpty: (it) => it.concerns.length === 0,
      cell: (it) => <span className={classes.quiet}>{it.concerns.map(concernWords).join('. ')}</span>,
    },
    { key: 'at', header: 'Asked', foldBelow: isQueue ? 'md' : 'sm', cell: (it) => <When at={it.created_at} /> },
    isQueue
      ? { key: 'expires', header: 'Expires', cell: (it) => (isExpired(it, now_ms) ? <Status kind="action" word="expired" /> : <When at={expiresAt(it)} />) }
      : { key: 'state', header: 'State', cell: (it) => <Status kind="action" word={isExpired(it, now_ms) ? 'expired' : it.state} /> },
  ];
  const shown = isQueue ? columns : columns.filter(({ key }) => key !== 'concerns');
  return (
    <DataTable label={label} columns={shown} rows={actions} rowKey={(it) => it.id} rowTo={(it) => `/approvals/${it.id}`} error={error} onRetry={onRetry}
      empty={empty} more={more} unit={isQueue ? 'request' : 'action'} />
  );
}
