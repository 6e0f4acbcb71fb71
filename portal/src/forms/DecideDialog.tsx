import { approve, reject } from '@/api/approvals';
import type { Action } from '@/api/types';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { orderSentence, orderWords } from '@/util/order';
import { concernWords } from '@/util/words';
import classes from './forms.module.css';
import { ReasonDialog } from './ReasonDialog';

interface Props {
  action: Action;
  person: string;
  asked: 'approve' | 'reject';
  onClose: () => void;
  onDone: (after: Action) => Promise<unknown>;
}

/** Decides on what somebody else asked for. */
export function DecideDialog({ action, person, asked, onClose, onDone }: Props) {
  const what = orderWords(action.order);
  if (asked === 'reject') {
    return (
      <ReasonDialog opened onClose={onClose} title={`Reject: ${what}?`} confirmLabel="Reject" isDangerous reasonLabel="Why not"
        reasonHint="Whoever asked reads it. It is kept in the audit log." onConfirm={async (reason) => onDone(await reject(action.id, reason))}>
        {what} for {person} is not done.
      </ReasonDialog>
    );
  }
  return (
    <ConfirmDialog opened onClose={onClose} title={`Approve: ${what}?`} confirmLabel={`Approve: ${what}`}
      onConfirm={async () => onDone(await approve(action.id))}>
      <div className={classes.fields}>
        <strong>{orderSentence(action.order, person)}</strong>
        {action.concerns.length > 0 && <ul className={classes.concerns}>{action.concerns.map((it) => <li key={it}>{concernWords(it)}.</li>)}</ul>}
        <span className={classes.quiet}>It is done at once, exactly as it was asked for.</span>
      </div>
    </ConfirmDialog>
  );
}
