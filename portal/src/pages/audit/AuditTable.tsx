import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AuditEntry, Staff } from '@/api/types';
import { Status } from '@/ui/Status';
import { DataTable } from '@/ui/table/DataTable';
import type { Column } from '@/ui/table/types';
import { When } from '@/ui/When';
import { pageOf } from '@/util/serverWords';
import { operationName } from '@/util/words';
import { actorName } from './actors';
import classes from './AuditPage.module.css';

interface Props {
  /** All of one day: the hour is enough. */
  isOneDay: boolean;
  rows: readonly AuditEntry[] | undefined;
  staff: readonly Staff[] | undefined;
  rowKey: (row: AuditEntry) => string;
  onOpen: (row: AuditEntry) => void;
  error: unknown;
  onRetry: () => unknown;
  empty: ReactNode;
  more: { has: boolean; isLoading: boolean; load: () => unknown };
}

/** Whom or what an entry is about: its name or its id, and the way there where it has a page. */
export function Subject({ id, staff }: { id: string | undefined; staff: readonly Staff[] | undefined }) {
  if (id === undefined) return <span className={classes.quiet}>–</span>;
  const to = pageOf(id);
  const name = actorName(id, staff);
  return to === null ? <span>{name}</span> : <Link to={to}>{name}</Link>;
}

export function AuditTable({ isOneDay, staff, onOpen, ...rest }: Props) {
  const columns: Column<AuditEntry>[] = [
    { key: 'at', header: 'When', cell: (it) => <When at={it.at} as={isOneDay ? 'clock' : 'time'} /> },
    { key: 'actor', header: 'Who', foldBelow: 'sm', cell: (it) => <span className={classes.who}>{actorName(it.actor, staff)}</span> },
    {
      key: 'operation', header: 'What', isName: true,
      cell: (it) => <button type="button" className={classes.open} onClick={() => { onOpen(it); }}>{operationName(it.operation)}</button>,
    },
    { key: 'outcome', header: 'Outcome', cell: (it) => <Status kind="audit" word={it.outcome} /> },
    { key: 'subject', header: 'About', foldBelow: 'sm', isEmpty: (it) => it.subject === undefined, cell: (it) => <Subject id={it.subject} staff={staff} /> },
    {
      key: 'reason', header: 'Reason', foldBelow: 'lg', isEmpty: (it) => it.reason === undefined,
      cell: (it) => <span className={classes.reason} title={it.reason}>{it.reason ?? <span className={classes.quiet}>–</span>}</span>,
    },
  ];
  return <DataTable label="Entries of the audit log" columns={columns} onOpen={onOpen} unit="entry" {...rest} />;
}
