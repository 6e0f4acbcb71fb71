import { IconExternalLink } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { isLiveUrl, stripeUrl } from '@/util/stripe';
import classes from './text.module.css';

interface Props {
  id: string;
  /** Any address the server gave of this installation's Stripe account, such as a customer's `stripe_url`. */
  account: string;
  children?: ReactNode;
}

/** Leads to an object in Stripe's dashboard. Nothing where Stripe has no page for it. */
export function StripeLink({ id, account, children = 'Open in Stripe' }: Props) {
  const url = stripeUrl(id, isLiveUrl(account));
  if (url === null) return null;
  return (
    <a className={classes.outward} href={url} target="_blank" rel="noopener noreferrer">
      {children}
      <IconExternalLink size={14} aria-hidden />
      <span className="visually-hidden">(opens in a new tab)</span>
    </a>
  );
}
