import { Anchor, Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ApiError } from '@/api/error';
import { askForReset, signIn } from '@/api/signIn';
import type { SessionView } from '@/api/types';
import { FormError } from '@/ui/states/ErrorState';
import { useSubmit } from '../useSubmit';
import classes from './SignIn.module.css';

interface Props {
  email?: string;
  onDone: (view: SessionView) => void;
}

export function PasswordStep({ email: known = '', onDone }: Props) {
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState('');
  const [sent, setSent] = useState<string | null>(null);
  const { submit, isBusy, error, clear } = useSubmit(async () => { onDone(await signIn(email.trim(), password)); });
  const reset = useSubmit(async () => { setSent((await askForReset(email.trim())).message); });
  const isWrong = error instanceof ApiError && error.code === 'wrong_password';
  const canReset = /^\S+@\S+$/.test(email.trim());
  return (
    <form className={classes.form} onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      <TextInput label="Email" type="email" name="email" autoComplete="username" required withAsterisk={false} size="md" autoFocus={known === ''}
        value={email} onChange={(event) => { setEmail(event.currentTarget.value); }} />
      <PasswordInput label="Password" name="password" autoComplete="current-password" required withAsterisk={false} size="md"
        autoFocus={known !== ''} data-autofocus={known === '' ? undefined : true}
        value={password} onChange={(event) => { setPassword(event.currentTarget.value); clear(); }}
        error={isWrong ? error.message : null} aria-invalid={isWrong}
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }} />
      <FormError error={isWrong ? reset.error : (error ?? reset.error)} />
      {sent !== null && <p role="status" className={classes.note}>{sent}</p>}
      <Button type="submit" size="md" loading={isBusy}>Continue</Button>
      <div className={classes.aside}>
        <Anchor component="button" type="button" size="sm" disabled={!canReset || reset.isBusy} onClick={() => { void reset.submit(); }}>
          Forgot your password?
        </Anchor>
        {!canReset && <span className={classes.hint}>Type your address first; a link is sent to it.</span>}
      </div>
    </form>
  );
}
