import { useQuery } from '@tanstack/react-query';
import type { Action, Charge, User } from '@/api/types';
import { chargesQuery } from '@/api/user';
import { JsonDiff } from '@/ui/JsonDiff';
import { Panel } from '@/ui/Panel';
import { whatChanges } from './whatChanges';

/** How things stand and how they would: only what the order changes. */
export function BeforeAfter({ action, user }: { action: Action; user: User }) {
  const { order } = action;
  const charges = useQuery({ ...chargesQuery(user.id), enabled: order.operation === 'refund' }).data?.charges as readonly Charge[] | undefined;
  const charge = order.operation === 'refund' ? charges?.find((it) => it.id === order.charge) : undefined;
  const { before, after } = whatChanges(order, user, charge);
  if (Object.keys(after).length === 0) return null;
  return (
    <Panel title="Before and after">
      <JsonDiff before={before} after={after} names={['Now', 'Afterwards']} />
    </Panel>
  );
}
