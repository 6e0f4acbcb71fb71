import { lazy, Suspense, useState } from 'react';
import { isSignedIn, signedIn } from '@/api/session';
import type { SessionView } from '@/api/types';
import { LoadingRows } from '@/ui/states/Loading';
import { CodeStep } from './CodeStep';
import { PasswordStep } from './PasswordStep';

// Only those who have no app yet need it, and the QR code that comes with it.
const EnrolStep = lazy(() => import('./EnrolStep'));

interface Props {
  /** Whose session ended: the address stands there already. */
  email?: string;
  onDone?: (view: SessionView) => void;
}

/** Password, then the code of the app; whoever has no app yet sets one up. */
export function SignIn({ email, onDone }: Props) {
  const [view, setView] = useState<SessionView | null>(null);
  const go = (next: SessionView) => {
    setView(next);
    if (!isSignedIn(next)) return;
    signedIn(next);
    onDone?.(next);
  };
  if (view === null || isSignedIn(view)) return <PasswordStep email={email} onDone={go} />;
  const back = () => { setView(null); };
  if (view.stage === 'enrolment') {
    return <Suspense fallback={<LoadingRows />}><EnrolStep name={view.person.name} onDone={go} onBack={back} /></Suspense>;
  }
  return <CodeStep onDone={go} onBack={back} />;
}
