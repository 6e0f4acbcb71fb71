import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { session } from '@/api/session';
import type { Subscription, User } from '@/api/types';
import { policyQuery } from '@/api/user';
import { isRunning, offers, type Doing } from '@/forms/user/offers';
import { ActionButton } from '@/ui/ActionButton';
import { CopyId } from '@/ui/CopyId';
import { Facts } from '@/ui/Facts';
import { Money } from '@/ui/Money';
import { Panel } from '@/ui/Panel';
import { EmptyState } from '@/ui/states/EmptyState';
import { Status } from '@/ui/Status';
import { StripeLink } from '@/ui/StripeLink';
import { When } from '@/ui/When';
import { day, period } from '@/util/time';
import { useStore } from '@/util/store';
import { planName } from '@/util/words';
import type { Begin } from './useDoing';
import classes from './UserPage.module.css';

/** What is paid, when next, and what changes by itself. */
export function SubscriptionPanel({ user, begin }: { user: User; begin: Begin }) {
  const it = user.subscription;
  if (it === null) return <Panel title="Subscription"><EmptyState title="No subscription">There has never been one.</EmptyState></Panel>;
  const pending = it.pending_change;
  return (
    <Panel title="Subscription" actions={<StripeLink id={it.id} account={user.stripe_url}>Stripe</StripeLink>}>
      <div className={classes.plan}><strong>{planName(it.plan)}</strong> <Money of={it.amount} /></div>
      <Facts of={factsOf(user, it)} />
      {pending && isRunning(user) && (
        <div className={classes.callout}>
          <span>Becomes <strong>{planName(pending.to)}</strong>{pending.amount && <> for <Money of={pending.amount} /></>} on {day(pending.at)}.</span>
          <Offered user={user} doing="keep_plan" begin={begin}>Keep the current plan</Offered>
        </div>
      )}
      {it.cancel_at_period_end && isRunning(user) && (
        <div className={classes.callout}>
          <span>Ends on {it.period_end ? day(it.period_end) : 'the period’s end'}.</span>
          <Offered user={user} doing="undo_cancel" begin={begin}>Undo</Offered>
        </div>
      )}
      {it.collection_paused && isRunning(user) && (
        <div className={classes.callout}>
          <span>Invoices are made, but not collected.</span>
          <Offered user={user} doing="resume_collection" begin={begin}>Resume</Offered>
        </div>
      )}
      {user.earlier_subscriptions.length > 0 && <Earlier of={user.earlier_subscriptions} />}
    </Panel>
  );
}

function Offered({ user, doing, begin, children }: { user: User; doing: Doing; begin: Begin; children: string }) {
  const role = useStore(session)?.person.role ?? undefined;
  const policy = useQuery(policyQuery).data;
  const offer = offers(user, { role, policy, money: undefined }).find((it) => it.doing === doing);
  if (!offer) return null;
  return <ActionButton size="compact-sm" variant="default" off={offer.off} onClick={() => { begin(doing); }}>{children}</ActionButton>;
}

function factsOf(user: User, it: Subscription) {
  const charges = isRunning(user) && !it.cancel_at_period_end && it.cancel_at === null;
  const { access, access_until } = user.standing;
  const facts: [string, ReactNode][] = [];
  if (charges) facts.push([it.past_due_since === null ? 'Next charge' : 'Next renewal', <When key="next" at={it.period_end} as="day" />]);
  if (it.ended_at !== null) facts.push(['Ended', <When key="ended" at={it.ended_at} as="day" />]);
  if (it.past_due_since !== null) facts.push(['Past due since', <When key="due" at={it.past_due_since} as="day" />]);
  if (it.trial_end !== null && it.status === 'trialing') facts.push(['Payment put off to', <When key="trial" at={it.trial_end} as="day" />]);
  facts.push(['Access', access ? (access_until ? <>Until <When at={access_until} as="day" /></> : 'Yes') : 'No']);
  facts.push(['Period', it.period_start && it.period_end ? period(it.period_start, it.period_end) : '–']);
  facts.push(['Since', <When key="since" at={it.started_at} as="day" />], ['Id', <CopyId key="id" id={it.id} of="subscription’s id" shorten={16} />]);
  return facts;
}

function Earlier({ of }: { of: readonly Subscription[] }) {
  return (
    <details className={classes.earlier}>
      <summary>{of.length} earlier</summary>
      <ul>
        {of.map(({ id, plan, status, started_at, ended_at }) => (
          <li key={id}>{planName(plan)} <Status kind="subscription" word={status} /> {day(started_at)} – {ended_at ? day(ended_at) : ''}</li>
        ))}
      </ul>
    </details>
  );
}
