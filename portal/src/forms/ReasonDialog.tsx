import { useState, type ReactNode } from 'react';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { ReasonField, reasonMissing } from './ReasonField';
import classes from './forms.module.css';

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What is going to happen, in words that name whom and what. */
  children: ReactNode;
  confirmLabel: string;
  isDangerous?: boolean;
  /** What else is missing before it can be confirmed. */
  blocked?: string | null;
  size?: 'lg' | 'xl';
  reasonLabel?: string;
  reasonHint?: string;
  onConfirm: (reason: string) => Promise<unknown>;
}

/** Asks before something that counts, and why. */
export function ReasonDialog({ children, reasonLabel, reasonHint, blocked = null, onConfirm, onClose, ...dialog }: Props) {
  const [reason, setReason] = useState('');
  const close = () => {
    setReason('');
    onClose();
  };
  return (
    <ConfirmDialog {...dialog} onClose={close} blocked={blocked ?? reasonMissing(reason)} onConfirm={() => onConfirm(reason.trim())}>
      <div className={classes.fields}>
        <div>{children}</div>
        <ReasonField value={reason} onChange={setReason} label={reasonLabel} description={reasonHint} />
      </div>
    </ConfirmDialog>
  );
}
