import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { challenges } from '@/api/challenge';
import { ApiError } from '@/api/error';
import { stepUp } from '@/api/signIn';
import { FormError } from '@/ui/states/ErrorState';
import { useStore } from '@/util/store';
import { CodeInput } from './CodeInput';
import { useSubmit } from './useSubmit';
import classes from './sign-in/SignIn.module.css';

/** Asks for a code over whatever is open. What waited for it is then sent again. */
export function StepUpDialog() {
  const asked = useStore(challenges.step_up.asked);
  const giveUp = () => { challenges.step_up.end(false); };
  return (
    <Modal opened={asked !== null} onClose={giveUp} title="Confirm that it is you" size="sm" zIndex={500} closeOnClickOutside={false}>
      {asked && <StepUpForm message={asked.message} />}
    </Modal>
  );
}

function StepUpForm({ message }: { message: string }) {
  const [code, setCode] = useState('');
  const { submit, isBusy, error, clear } = useSubmit(async (shown: string) => {
    try {
      await stepUp(shown);
    } catch (thrown) {
      const isEnded = thrown instanceof ApiError && thrown.status === 401 && thrown.code.startsWith('session_');
      // Whoever signs in again has shown a code with it.
      if (!isEnded || !(await challenges.sign_in.ask(thrown))) throw thrown;
    }
    challenges.step_up.end(true);
  });
  const isWrongCode = error instanceof ApiError && error.code === 'wrong_code';
  return (
    <form className={classes.form} onSubmit={(event) => { event.preventDefault(); void submit(code); }}>
      <p className={classes.note}>{message} It then goes on by itself.</p>
      <CodeInput value={code} onChange={(next) => { setCode(next); clear(); }} onComplete={(next) => { void submit(next); }}
        error={isWrongCode ? error.message : null} />
      {!isWrongCode && <FormError error={error} />}
      <Button type="submit" loading={isBusy} disabled={code.length < 6}>Confirm</Button>
    </form>
  );
}
