import { Button, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { SetPasswordForm } from '@/forms/SetPasswordForm';
import { EmptyState } from '@/ui/states/EmptyState';

/** Where the link of an invitation or of a reset leads. Its token stands behind the `#`, which no server sees. */
export function SetPasswordPage() {
  useDocumentTitle('Set your password · Linky billing');
  const [token] = useState(() => window.location.hash.slice(1));
  const [isDone, setDone] = useState(false);
  // Out of the address bar, the history and whatever synchronises it.
  useEffect(() => { window.history.replaceState(window.history.state, '', window.location.pathname); }, []);
  const signIn = <Button component={Link} to="/sign-in">Sign in</Button>;
  return (
    <>
      <Title order={1}>Set your password</Title>
      {isDone && <EmptyState title="Your password is set" action={signIn}>Every session you had was ended. Your authenticator app stays as it is.</EmptyState>}
      {!isDone && token === '' && (
        <EmptyState title="This link is not whole" action={signIn}>Open it from the mail once more, or have a new one sent on the sign-in page.</EmptyState>
      )}
      {!isDone && token !== '' && <SetPasswordForm token={token} onDone={() => { setDone(true); }} />}
    </>
  );
}
