import { Button, Loader } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconHourglass, IconSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Action } from '@/api/types';
import { CopyId } from '@/ui/CopyId';
import { orderSentence } from '@/util/order';
import { concernWords, ROLES } from '@/util/words';
import classes from './user-forms.module.css';

interface Props {
  action: Action;
  person: string;
  onAgain: () => void;
  onClose: () => void;
}

/** What became of an order: under way, done, waiting, or failed and where the money is. */
export function Outcome({ action, person, onAgain, onClose }: Props) {
  const isFailed = action.state === 'failed';
  return (
    <div className={classes.form}>
      <div className={classes.outcome} role="status">
        <Told action={action} person={person} />
      </div>
      <div className={classes.buttons}>
        {isFailed && <Button variant="default" onClick={onAgain}>Try again</Button>}
        {action.state === 'awaiting_approval' && <Button variant="default" component={Link} to={`/approvals/${action.id}`}>Show the request</Button>}
        <Button onClick={onClose} data-autofocus>{action.state === 'executing' || action.state === 'unknown' ? 'Close, it goes on' : 'Close'}</Button>
      </div>
    </div>
  );
}

function Told({ action, person }: { action: Action; person: string }) {
  const said = orderSentence(action.order, person);
  switch (action.state) {
    case 'executing':
      return <><Loader size={32} /><span className={classes.outcomeTitle}>Under way</span><span>Stripe is being asked. {said}</span></>;
    case 'unknown':
      return (
        <>
          <IconSearch size={32} data-tone="attention" aria-hidden /><span className={classes.outcomeTitle}>Being looked up</span>
          <span>
            Stripe’s answer was lost, so whether it was done is not known yet. It is looked up at Stripe and settled by itself; nothing is done
            twice. Do not order it again.
          </span>
        </>
      );
    case 'succeeded':
      return (
        <>
          <IconCircleCheck size={32} data-tone="good" aria-hidden /><span className={classes.outcomeTitle}>Done</span><span>{said}</span>
          {action.result !== undefined && <span className={classes.quiet}>At Stripe: <CopyId id={action.result} of="id at Stripe" /></span>}
        </>
      );
    case 'awaiting_approval':
      return (
        <>
          <IconHourglass size={32} data-tone="attention" aria-hidden /><span className={classes.outcomeTitle}>Waits for approval</span>
          <span>
            {action.approver ? `${ROLES[action.approver]} or higher` : 'Somebody else'} has to approve it within 24 hours. Until then nothing is done.
          </span>
          <span className={classes.quiet}>{action.concerns.map((it) => `${concernWords(it)}.`).join(' ')}</span>
        </>
      );
    case 'failed':
      return (
        <>
          <IconCircleX size={32} data-tone="bad" aria-hidden /><span className={classes.outcomeTitle}>Not done</span>
          <span>{action.failure ?? 'Stripe refused it.'}</span><span><strong>No money moved</strong> and nothing was changed.</span>
        </>
      );
    default:
      return (
        <>
          <IconCircleX size={32} aria-hidden /><span className={classes.outcomeTitle}>Not done</span>
          <span>{action.decision ?? 'It was not approved.'} No money moved.</span>
        </>
      );
  }
}
