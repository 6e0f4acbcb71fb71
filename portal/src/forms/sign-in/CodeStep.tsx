import { Anchor, Button } from '@mantine/core';
import { useState } from 'react';
import { ApiError } from '@/api/error';
import { showSecondFactor } from '@/api/signIn';
import type { SessionView } from '@/api/types';
import { FormError } from '@/ui/states/ErrorState';
import { CodeInput } from '../CodeInput';
import { useSubmit } from '../useSubmit';
import classes from './SignIn.module.css';

interface Props {
  onDone: (view: SessionView) => void;
  onBack: () => void;
}

export function CodeStep({ onDone, onBack }: Props) {
  const [kind, setKind] = useState<'app' | 'recovery'>('app');
  const [code, setCode] = useState('');
  const { submit, isBusy, error, clear } = useSubmit(async (shown: string) => { onDone(await showSecondFactor(shown.trim())); });
  const isWrongCode = error instanceof ApiError && error.code === 'wrong_code';
  const other = kind === 'app' ? 'recovery' : 'app';
  return (
    <form className={classes.form} onSubmit={(event) => { event.preventDefault(); void submit(code); }}>
      <CodeInput autoFocus key={kind} value={code} kind={kind} onChange={(next) => { setCode(next); clear(); }} onComplete={(next) => { void submit(next); }}
        error={isWrongCode ? error.message : null} />
      {!isWrongCode && <FormError error={error} />}
      <Button type="submit" size="md" loading={isBusy} disabled={code.trim() === ''}>Sign in</Button>
      <div className={classes.aside}>
        <Anchor component="button" type="button" size="sm" onClick={() => { setKind(other); setCode(''); clear(); }}>
          {kind === 'app' ? 'Use a recovery code' : 'Use the app'}
        </Anchor>
        <Anchor component="button" type="button" size="sm" onClick={onBack}>Start over</Anchor>
      </div>
    </form>
  );
}
