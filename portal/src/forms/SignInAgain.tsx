import { Modal } from '@mantine/core';
import { challenges } from '@/api/challenge';
import { session } from '@/api/session';
import { useStore } from '@/util/store';
import { SignIn } from './sign-in/SignIn';
import classes from './sign-in/SignIn.module.css';

/** Signs somebody in over the page whose session has ended. What they had typed is still there afterwards. */
export function SignInAgain() {
  const asked = useStore(challenges.sign_in.asked);
  const view = useStore(session);
  return (
    <Modal opened={asked !== null} onClose={() => undefined} title="Sign in again" size="sm" zIndex={600} withCloseButton={false} closeOnClickOutside={false}
      closeOnEscape={false} overlayProps={{ backgroundOpacity: 0.6, blur: 14 }}>
      {asked && (
        <div className={classes.form}>
          <p className={classes.note} role="status">{asked.message} What you were at is kept.</p>
          <SignIn email={view?.person.email} />
        </div>
      )}
    </Modal>
  );
}
