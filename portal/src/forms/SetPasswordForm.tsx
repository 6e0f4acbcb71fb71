import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { ApiError } from '@/api/error';
import { setPassword } from '@/api/signIn';
import { FormError } from '@/ui/states/ErrorState';
import { count } from '@/util/words';
import { useSubmit } from './useSubmit';
import classes from './sign-in/SignIn.module.css';

/** The server's bounds, so that nobody has to send it to know. */
const LENGTH_MIN = 15;
const LENGTH_MAX = 200;

export function SetPasswordForm({ token, onDone }: { token: string; onDone: () => void }) {
  const [password, setText] = useState('');
  const { submit, isBusy, error, clear } = useSubmit(async () => {
    await setPassword(token, password);
    onDone();
  });
  // Characters as the server counts them: code points.
  const length = Array.from(password).length;
  const missing = LENGTH_MIN - length;
  const isAboutPassword = error instanceof ApiError && error.code.includes('password');
  return (
    <form className={classes.form} onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      <PasswordInput label="New password" size="md" autoComplete="new-password" value={password} maxLength={LENGTH_MAX} data-autofocus autoFocus
        description={`At least ${String(LENGTH_MIN)} characters. Three or four words that nobody would put together are easy to remember.`}
        error={isAboutPassword ? error.message : null} aria-invalid={isAboutPassword} onChange={(event) => { setText(event.currentTarget.value); clear(); }}
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }} />
      {!isAboutPassword && <FormError error={error} />}
      <Button type="submit" size="md" loading={isBusy} disabled={missing > 0}>
        {missing > 0 && length > 0 ? count(missing, 'more character') : 'Set the password'}
      </Button>
    </form>
  );
}
