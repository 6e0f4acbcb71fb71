import { useQueryClient } from '@tanstack/react-query';
import { resetPassword } from '@/api/orders';
import type { UserMoney } from '@/api/types';
import { notify } from '@/ui/notices/notify';
import { ReasonDialog } from '../ReasonDialog';
import { ResyncDialog } from '../resync/ResyncDialog';
import { CancelForm } from './CancelForm';
import { CreditForm } from './CreditForm';
import { ExtendForm } from './ExtendForm';
import type { Doing } from './offers';
import { PlainForm } from './PlainForm';
import { PlanForm } from './PlanForm';
import type { UserFormProps } from './props';
import { RefundForm } from './RefundForm';

interface Props extends UserFormProps {
  doing: Doing;
  charge: string | undefined;
  money: UserMoney | undefined;
}

/** The form of what is to be done to a customer. */
export default function UserDialogs({ doing, charge, money, ...of }: Props) {
  switch (doing) {
    case 'refund': return <RefundForm {...of} charge={charge} />;
    case 'change_plan': return <PlanForm {...of} />;
    case 'cancel': return <CancelForm {...of} />;
    case 'extend': return <ExtendForm {...of} />;
    case 'credit': return <CreditForm {...of} />;
    case 'resync': return <ResyncDialog customers={[of.user.id]} person={of.person} onClose={of.onClose} />;
    case 'reset_password': return <ResetForm {...of} />;
    default: return <PlainForm key={doing} doing={doing} money={money} {...of} />;
  }
}

function ResetForm({ user, person, onClose }: UserFormProps) {
  const client = useQueryClient();
  const send = async (reason: string) => {
    const { message } = await resetPassword(user.id, reason);
    void client.invalidateQueries({ queryKey: ['users', user.id] });
    void notify({ title: `${person}: password reset`, message, tone: 'good' });
  };
  return (
    <ReasonDialog opened onClose={onClose} title={`Reset the password: ${person}`} confirmLabel="Send the link" onConfirm={send}>
      A link is sent to <strong>{user.email}</strong>, by which {person} sets a new password. Nobody else sees it. It works once, for 30 minutes.
    </ReasonDialog>
  );
}
