import { Button, Modal } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { signedIn } from '@/api/session';
import type { SessionView } from '@/api/types';
import { LoadingRows } from '@/ui/states/Loading';
import { Panel } from '@/ui/Panel';
import { count } from '@/util/words';
import classes from './SessionsPage.module.css';

const EnrolStep = lazy(() => import('@/forms/sign-in/EnrolStep'));

/** From so few recovery codes on, it is time for new ones. */
const FEW = 3;

/** The authenticator app and its recovery codes. */
export function SecondFactor({ view }: { view: SessionView }) {
  const [isOpen, setOpen] = useState(false);
  const left = view.recovery_codes_left;
  return (
    <Panel title="Authenticator app">
      <div className={classes.row}>
        <span>
          You have {count(left, 'recovery code')} left.
          {left <= FEW && <strong> Set the app up anew to get new ones.</strong>}
        </span>
        <Button variant="default" onClick={() => { setOpen(true); }}>Set up anew</Button>
      </div>
      <Modal opened={isOpen} onClose={() => { setOpen(false); }} title="Set up an authenticator app" size="sm" closeOnClickOutside={false}>
        <Suspense fallback={<LoadingRows />}>
          <EnrolStep name={view.person.name} onBack={() => { setOpen(false); }} onDone={(next) => { signedIn(next); setOpen(false); }} />
        </Suspense>
      </Modal>
    </Panel>
  );
}
