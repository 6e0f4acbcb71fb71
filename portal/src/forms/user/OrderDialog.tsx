import { Button, Modal } from '@mantine/core';
import type { ReactNode, SyntheticEvent } from 'react';
import { hasEnded } from '@/api/orders';
import type { Action } from '@/api/types';
import { FormError } from '@/ui/states/ErrorState';
import { LoadingRows } from '@/ui/states/Loading';
import { Outcome } from './Outcome';
import type { OrderState } from './useOrder';
import classes from './user-forms.module.css';

interface Props {
  title: string;
  person: string;
  order: OrderState;
  /** What is going to happen, naming the person and the amount. */
  summary: ReactNode;
  confirmLabel: string;
  isDangerous?: boolean;
  /** Why it cannot be sent yet. */
  blocked: string | null;
  /** An error that stands beside its field is not said again. */
  isErrorShown?: boolean;
  onSend: (id: string) => Promise<Action>;
  /** What was typed is not needed any more. */
  onDone: () => void;
  onClose: () => void;
  children?: ReactNode;
}

/** A form that orders something on a customer, and then tells what became of it. */
export function OrderDialog(props: Props) {
  const { title, person, order, summary, confirmLabel, isDangerous = false, blocked, isErrorShown = false, onSend, onDone, onClose, children } = props;
  const { action, isBusy } = order;
  const close = () => {
    if (isBusy) return;
    if (action !== null && (hasEnded(action.state) || action.state === 'awaiting_approval')) {
      order.renew();
      onDone();
    }
    onClose();
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (blocked === null) void order.send(onSend);
  };
  return (
    <Modal opened onClose={close} title={title} size="lg" closeOnClickOutside={false} closeButtonProps={{ 'aria-label': 'Close', disabled: isBusy }}>
      {action !== null && <Outcome action={action} person={person} onAgain={order.renew} onClose={close} />}
      {action === null && order.isLookedUp && <LoadingRows rows={3} />}
      {action === null && !order.isLookedUp && (
        <form className={classes.form} onSubmit={submit} noValidate>
          {children}
          <div className={classes.summary}>{summary}</div>
          {!isErrorShown && <FormError error={order.error} />}
          <div className={classes.buttons}>
            {blocked !== null && <span className={classes.why}>{blocked}</span>}
            <Button variant="default" onClick={close} disabled={isBusy}>Not now</Button>
            <Button type="submit" color={isDangerous ? 'red' : undefined} loading={isBusy} disabled={blocked !== null}>{confirmLabel}</Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
