import { Button, Modal } from '@mantine/core';
import { challenges } from '@/api/challenge';
import { readSession } from '@/api/signIn';
import { endsAt, heard, session, sessionLost, WARN_MS } from '@/api/session';
import type { SessionView } from '@/api/types';
import { FormError } from '@/ui/states/ErrorState';
import { useNow } from '@/util/clock';
import { useStore } from '@/util/store';
import { countdown } from '@/util/time';
import { useEffect } from 'react';
import { useSubmit } from './useSubmit';
import classes from '@/ui/ConfirmDialog.module.css';

/** Warns before a session ends, and has it go on at a click. */
export function SessionWarning({ onSignOut }: { onSignOut: () => void }) {
  const view = useStore(session);
  return view && <Watch view={view} onSignOut={onSignOut} />;
}

function Watch({ view, onSignOut }: { view: SessionView; onSignOut: () => void }) {
  const now_ms = useNow(1_000);
  const heard_ms = useStore(heard);
  const asked = useStore(challenges.sign_in.asked);
  const ends_ms = endsAt(view, heard_ms);
  const left_ms = ends_ms - now_ms;
  const isLast = ends_ms === Date.parse(view.lasts_until);
  const hasEnded = left_ms <= 0;
  useEffect(() => {
    if (hasEnded) sessionLost('session_idle', 'Your session has ended.');
  }, [hasEnded]);
  const stay = useSubmit(readSession);
  return (
    <Modal opened={left_ms <= WARN_MS && !hasEnded && asked === null} onClose={() => { if (!isLast) void stay.submit(); }} size="sm" zIndex={550}
      title="Your session is about to end" withCloseButton={false} closeOnClickOutside={false}>
      <div className={classes.form}>
        <p role="timer" aria-live="off">
          {isLast ? 'A session lasts twelve hours. This one ends' : 'Nothing was done here for a while. You are signed out'} in{' '}
          <strong className="number">{countdown(left_ms)}</strong>.{' '}
          {isLast ? 'You then sign in again over this page, and what you typed is kept.' : ''}
        </p>
        <FormError error={stay.error} />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onSignOut}>Sign out</Button>
          {!isLast && <Button data-autofocus loading={stay.isBusy} onClick={() => { void stay.submit(); }}>Stay signed in</Button>}
        </div>
      </div>
    </Modal>
  );
}
