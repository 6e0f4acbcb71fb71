import { Loader } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { expiresAt, withdraw } from '@/api/approvals';
import { missingRole } from '@/api/may';
import { actionQuery } from '@/api/orders';
import { session } from '@/api/session';
import type { Action, ActionState } from '@/api/types';
import { DecideDialog } from '@/forms/DecideDialog';
import { ActionButton } from '@/ui/ActionButton';
import { useCommands } from '@/ui/commands/registry';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Facts } from '@/ui/Facts';
import { Panel } from '@/ui/Panel';
import { When } from '@/ui/When';
import { orderWords } from '@/util/order';
import { useStore } from '@/util/store';
import { ROLES } from '@/util/words';
import classes from './ApprovalPage.module.css';

interface Props {
  action: Action;
  state: ActionState;
  person: string;
  nameOf: (admin: string | undefined) => string;
}

/** Where it stands, who asked and who decides, with the buttons to do so. */
export function Decision({ action, state, person, nameOf }: Props) {
  const isWaiting = state === 'awaiting_approval';
  const facts: (readonly [string, ReactNode])[] = [
    ['Asked by', <>{nameOf(action.requested_by)} <span className={classes.quiet}>{ROLES[action.role]}</span></>],
    ['Asked', <When key="at" at={action.created_at} />],
    ...(isWaiting ? [['Expires', <When key="expires" at={expiresAt(action)} />] as const] : []),
    ...(action.approver === undefined ? []
      : [['Decided by', action.decided_by === undefined ? `${ROLES[action.approver]} or higher` : nameOf(action.decided_by)] as const]),
    ...(action.decided_at === undefined ? [] : [['Decided', <When key="decided" at={action.decided_at} />] as const]),
    ...(action.settled_at === undefined ? [] : [['Ended', <When key="settled" at={action.settled_at} />] as const]),
  ];
  return (
    <div className={classes.aside}>
      <Panel title="Decision">
        <div className={classes.decision}>
          <div aria-live="polite" className={classes.outcome}>{isWaiting ? null : <Outcome action={action} state={state} nameOf={nameOf} />}</div>
          {isWaiting && <Buttons action={action} person={person} />}
          <Facts of={facts} />
        </div>
      </Panel>
    </div>
  );
}

function Buttons({ action, person }: { action: Action; person: string }) {
  const me = useStore(session)?.person;
  const client = useQueryClient();
  const [asked, setAsked] = useState<'approve' | 'reject' | 'withdraw' | null>(null);
  const isOwn = me?.id === action.requested_by;
  const off = missingRole(me?.role, action.approver ?? 'billing');
  const may = !isOwn && off === null;
  useCommands(may ? [
    { id: 'approve', label: 'Approve this request', group: 'Actions', keys: 'a', run: () => { setAsked('approve'); } },
    { id: 'reject', label: 'Reject this request', group: 'Actions', keys: 'x', run: () => { setAsked('reject'); } },
  ] : []);
  const close = () => { setAsked(null); };
  const took = (after: Action) => {
    client.setQueryData(actionQuery(action.id).queryKey, after);
    return client.invalidateQueries({ queryKey: ['actions'] });
  };
  if (isOwn) {
    return (
      <>
        <p>You asked for this yourself, so somebody else has to decide on it. {ROLES[action.approver ?? 'billing']} or higher may.</p>
        <ActionButton variant="default" onClick={() => { setAsked('withdraw'); }}>Withdraw the request</ActionButton>
        <ConfirmDialog opened={asked === 'withdraw'} onClose={close} title="Withdraw the request?" confirmLabel="Withdraw"
          onConfirm={async () => took(await withdraw(action.id))}>
          {orderWords(action.order)} for {person} is not done, and nobody is asked to decide on it any more. You can ask for it again.
        </ConfirmDialog>
      </>
    );
  }
  return (
    <>
      <div className={classes.buttons}>
        <ActionButton off={off} onClick={() => { setAsked('approve'); }}>Approve</ActionButton>
        <ActionButton off={off} variant="default" onClick={() => { setAsked('reject'); }}>Reject</ActionButton>
      </div>
      {off !== null && <p className={classes.quiet}>{off}</p>}
      {(asked === 'approve' || asked === 'reject') && <DecideDialog action={action} person={person} asked={asked} onClose={close} onDone={took} />}
    </>
  );
}

function Outcome({ action, state, nameOf }: Omit<Props, 'person'>) {
  switch (state) {
    case 'awaiting_approval': return null;
    case 'executing': return <p className={classes.underWay}><Loader size="xs" aria-hidden /> Stripe is being asked. This takes a moment.</p>;
    case 'unknown': return (
      <p className={classes.underWay}><Loader size="xs" aria-hidden /> Stripe was asked and did not answer. It is being looked up; nothing is done twice.</p>
    );
    case 'succeeded': return <p>Done. Stripe has carried it out.</p>;
    case 'failed': return <p>It failed, and nothing was changed. {action.failure}</p>;
    case 'rejected': return <p>{nameOf(action.decided_by)} rejected it: {action.decision}</p>;
    case 'withdrawn': return <p>{nameOf(action.requested_by)} took it back. Nothing was done.</p>;
    case 'expired': return <p>Nobody decided within 24 hours, so it has expired. Nothing was done. It can be asked for again.</p>;
  }
}
