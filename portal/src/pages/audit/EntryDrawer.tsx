import { Drawer } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AuditEntry, Staff } from '@/api/types';
import { CopyId } from '@/ui/CopyId';
import { Facts } from '@/ui/Facts';
import { JsonDiff } from '@/ui/JsonDiff';
import { Status } from '@/ui/Status';
import { When } from '@/ui/When';
import { deviceName } from '@/util/device';
import { operationName, ROLES } from '@/util/words';
import { actorName } from './actors';
import { Subject } from './AuditTable';
import classes from './AuditPage.module.css';

interface Props {
  entry: AuditEntry | undefined;
  staff: readonly Staff[] | undefined;
  onClose: () => void;
}

/** One entry, whole. */
export function EntryDrawer({ entry, staff, onClose }: Props) {
  return (
    <Drawer opened={entry !== undefined} onClose={onClose} position="right" size="34rem" title={entry && operationName(entry.operation)}>
      {entry && <Entry entry={entry} staff={staff} />}
    </Drawer>
  );
}

function Entry({ entry, staff }: { entry: AuditEntry; staff: readonly Staff[] | undefined }) {
  const some = (name: string, value: ReactNode): (readonly [string, ReactNode])[] => (value === undefined || value === null ? [] : [[name, value]]);
  const facts = [
    ...some('Outcome', <><Status kind="audit" word={entry.outcome} />{entry.code !== undefined && <> <code>{entry.code}</code></>}</>),
    ...some('When', <When at={entry.at} as="time" />),
    ...some('Who', (
      <>
        <Link to="/audit" search={{ actor: entry.actor }}>{actorName(entry.actor, staff)}</Link>
        {entry.role && <span className={classes.quiet}> {ROLES[entry.role]}</span>}
      </>
    )),
    ...some('About', entry.subject && (
      <><Subject id={entry.subject} staff={staff} /> <Link to="/audit" search={{ subject: entry.subject }}>All about it</Link></>
    )),
    ...some('Reason', entry.reason),
    ...some('Action', entry.action && <Link to="/approvals/$id" params={{ id: entry.action }}>{entry.action.slice(0, 16)}…</Link>),
    ...some('From', entry.address && (
      <>{entry.address}{entry.device !== undefined && <span className={classes.quiet} title={entry.device}> {deviceName(entry.device)}</span>}</>
    )),
    ...some('Request', <CopyId id={entry.request_id} of="request id" />),
    ...some('Place', <span className="number">{entry.seq}</span>),
    ...some('Hash', <CopyId id={entry.hash} of="hash" shorten={20} />),
  ];
  const hasChange = entry.before != null || entry.after != null;
  return (
    <div className={classes.entry}>
      <Facts of={facts} />
      <section aria-label="Before and after">
        <h2 className={classes.heading}>Before and after</h2>
        {hasChange ? <JsonDiff before={entry.before} after={entry.after} /> : <span className={classes.quiet}>It changed nothing that is kept here.</span>}
      </section>
    </div>
  );
}
