import { SessionWarning } from '@/forms/SessionWarning';
import { SignInAgain } from '@/forms/SignInAgain';
import { StepUpDialog } from '@/forms/StepUpDialog';

/** What may come up over any page. */
export default function Dialogs({ onSignOut }: { onSignOut: () => void }) {
  return (
    <>
      <StepUpDialog />
      <SessionWarning onSignOut={onSignOut} />
      <SignInAgain />
    </>
  );
}
