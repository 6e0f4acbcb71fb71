import type { ReactNode } from 'react';
import type { Action } from '@/api/types';
import { CopyId } from '@/ui/CopyId';
import { Facts } from '@/ui/Facts';
import { StripeLink } from '@/ui/StripeLink';
import { UserLink } from '@/ui/UserLink';
import { REFUND_REASONS } from '@/util/words';
import classes from './ApprovalPage.module.css';

const NAMES: Readonly<Record<string, string>> = { charge: 'Charge', invoice: 'Invoice', subscription: 'Subscription', then_cancel: 'Ends with it' };

/** What is frozen in the order, with the way to each object. */
export function ActionFacts({ action, person, account }: { action: Action; person: string; account: string | undefined }) {
  const { order } = action;
  const object = (id: string) => (
    <><CopyId id={id} shorten={24} /> {account !== undefined && <StripeLink id={id} account={account}>Stripe</StripeLink>}</>
  );
  const fields = order as unknown as Readonly<Record<string, unknown>>;
  const objects = Object.entries(NAMES).flatMap(([field, name]) => {
    const id = fields[field];
    return typeof id === 'string' ? [[name, object(id)] as const] : [];
  });
  const facts: (readonly [string, ReactNode])[] = [
    ['Customer', <UserLink key="customer" id={action.customer}>{person}</UserLink>],
    ...objects,
    ...(order.operation === 'refund' ? [['Kind of refund', REFUND_REASONS[order.why]] as const] : []),
    ...(action.result === undefined ? [] : [['Came of it', object(action.result)] as const]),
    ['Action', <span key="id" className={classes.quiet}><CopyId id={action.id} of="action’s id" shorten={16} /></span>],
  ];
  return <Facts of={facts} />;
}
