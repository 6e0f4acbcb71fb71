import { Button, Modal } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { FormError } from './states/ErrorState';
import classes from './ConfirmDialog.module.css';

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What is going to happen, in words that name the person and the amount. */
  children: ReactNode;
  /** The button says what it does: `Refund $31.07`. */
  confirmLabel: string;
  /** Red for what cannot be taken back. */
  isDangerous?: boolean;
  /** Why it cannot be confirmed yet. The button is off and says so. */
  blocked?: string | null;
  /** Wider where there is more to look at. */
  size?: 'lg' | 'xl';
  /** The dialog stays open, with the error, where it throws; otherwise it closes. */
  onConfirm: () => Promise<unknown>;
}

/** Asks before something that counts. Nothing closes it while it is being done. */
export function ConfirmDialog(props: Props) {
  const { opened, onClose, title, children, confirmLabel, isDangerous = false, blocked = null, size, onConfirm } = props;
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const close = () => {
    if (isBusy) return;
    setError(null);
    onClose();
  };
  const confirm = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={close} title={title} size={size} closeOnClickOutside={false} closeButtonProps={{ 'aria-label': 'Close', disabled: isBusy }}>
      <form className={classes.form} onSubmit={(event) => { event.preventDefault(); void confirm(); }}>
        <div>{children}</div>
        <FormError error={error} />
        <div className={classes.buttons}>
          {blocked !== null && <span className={classes.blocked}>{blocked}</span>}
          <Button variant="default" onClick={close} disabled={isBusy}>Not now</Button>
          <Button type="submit" color={isDangerous ? 'red' : undefined} loading={isBusy} disabled={blocked !== null}>{confirmLabel}</Button>
        </div>
      </form>
    </Modal>
  );
}
