import { Anchor, Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { ApiError } from '@/api/error';
import { confirmAuthenticator, offerAuthenticator } from '@/api/signIn';
import type { SessionView } from '@/api/types';
import { CopyId } from '@/ui/CopyId';
import { ErrorState, FormError } from '@/ui/states/ErrorState';
import { CodeInput } from '../CodeInput';
import { useSubmit } from '../useSubmit';
import { QrCode } from './QrCode';
import { RecoveryCodes } from './RecoveryCodes';
import classes from './SignIn.module.css';

interface Props {
  name: string;
  onDone: (view: SessionView) => void;
  onBack: () => void;
}

/** Sets an authenticator app up, and shows the recovery codes. */
export default function EnrolStep({ name, onDone, onBack }: Props) {
  // Each offer replaces the one before, so it is asked for once and not again by itself.
  const offer = useQuery({ queryKey: ['authenticator', useId()], queryFn: offerAuthenticator, staleTime: Infinity, gcTime: 0, retry: false,
    refetchOnMount: false });
  const [code, setCode] = useState('');
  const [enrolled, setEnrolled] = useState<Awaited<ReturnType<typeof confirmAuthenticator>> | null>(null);
  const { submit, isBusy, error, clear } = useSubmit(async (shown: string) => { setEnrolled(await confirmAuthenticator(shown)); });
  const isWrongCode = error instanceof ApiError && error.code === 'wrong_code';

  if (enrolled) return <RecoveryCodes codes={enrolled.recovery_codes} onKept={() => { onDone(enrolled.session); }} />;
  if (offer.isError) return <ErrorState error={offer.error} onRetry={offer.refetch} />;
  return (
    <form className={classes.form} onSubmit={(event) => { event.preventDefault(); void submit(code); }}>
      <p className={classes.note}>
        {name}, signing in here takes a code of an authenticator app as well, such as Aegis, 1Password, Google Authenticator or the
        one of your phone. Scan this with it:
      </p>
      {offer.data ? <QrCode text={offer.data.url} label="QR code for the authenticator app" /> : <Skeleton width={196} height={196} mx="auto" />}
      <p className={classes.note}>
        Cannot scan? Type this key into the app:{' '}
        {offer.data && <CopyId id={offer.data.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')} of="key" />}
      </p>
      <CodeInput value={code} onChange={(next) => { setCode(next); clear(); }} onComplete={(next) => { void submit(next); }}
        error={isWrongCode ? error.message : null} />
      {!isWrongCode && <FormError error={error} />}
      <Button type="submit" size="md" loading={isBusy} disabled={code.length < 6}>Set up</Button>
      <div className={classes.aside}><Anchor component="button" type="button" size="sm" onClick={onBack}>Not now</Anchor></div>
    </form>
  );
}
