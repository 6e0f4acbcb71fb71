import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { eventQuery } from '@/api/health';
import { useMissingRole } from '@/api/may';
import type { EventRow } from '@/api/types';
import { userQuery } from '@/api/user';
import { ReplayDialog } from '@/forms/replay/ReplayDialog';
import { ActionButton } from '@/ui/ActionButton';
import { CopyId } from '@/ui/CopyId';
import { Facts } from '@/ui/Facts';
import { ErrorState } from '@/ui/states/ErrorState';
import { LoadingPage } from '@/ui/states/Loading';
import { PageTitle } from '@/ui/PageTitle';
import { Panel } from '@/ui/Panel';
import { Status } from '@/ui/Status';
import { StripeLink } from '@/ui/StripeLink';
import { UserLink } from '@/ui/UserLink';
import { When } from '@/ui/When';
import { utcDay } from '@/util/time';
import { OUTCOMES } from './outcomes';
import { eventRoute } from './route';
import classes from './EventPage.module.css';

export function EventPage() {
  const { id } = eventRoute.useParams();
  const { data, error, refetch } = useQuery(eventQuery(id));
  if (data !== undefined) return <Event event={data} />;
  if (!error) return <LoadingPage />;
  return <><PageTitle title="Event" back={{ to: '/health/events', label: 'Events' }} /><ErrorState error={error} onRetry={refetch} /></>;
}

function Event({ event }: { event: EventRow }) {
  const off = useMissingRole('billing');
  const [isOpen, setOpen] = useState(false);
  const user = useQuery({ ...userQuery(event.customer ?? ''), enabled: event.customer !== null }).data;
  const account = user?.stripe_url;
  const object = (id: string) => (
    <><CopyId id={id} shorten={32} /> {account !== undefined && <StripeLink id={id} account={account}>Stripe</StripeLink>}</>
  );
  const facts: (readonly [string, ReactNode])[] = [
    ['Event', object(event.id)],
    ['Customer', event.customer === null ? 'None' : <UserLink key="customer" id={event.customer}>{user?.name ?? user?.email ?? event.customer}</UserLink>],
    ['About', event.object_id === null ? 'Nothing by an id' : object(event.object_id)],
    ['Made at Stripe', <When key="created" at={event.created} as="time" />],
    ['Came in', event.received_at === null ? 'Never' : (
      <><When at={event.received_at} as="time" /> <Link to="/health/deliveries" search={{ day: utcDay(event.received_at) }}>Deliveries of the day</Link></>
    )],
    ['Settled', <When key="settled" at={event.settled_at} as="time" none="Not yet" />],
    ['Attempts', <span key="attempts" className="number">{event.attempts}</span>],
    ['Brought back', <span key="revivals" className="number">{event.revivals === 0 ? 'Never' : event.revivals}</span>],
  ];
  return (
    <>
      <PageTitle title={event.kind} back={{ to: '/health/events', label: 'Events', search: event.outcome === 'pending' ? { outcome: 'pending' } : {} }}
        beside={<Status kind="event" word={event.outcome} />} actions={<ActionButton off={off} onClick={() => { setOpen(true); }}>Replay</ActionButton>} />
      <div className={classes.panels}>
        <Panel title="What became of it">
          <p className={classes.outcome}>{OUTCOMES[event.outcome]}</p>
          {event.reason !== null && <pre className={classes.reason}>{event.reason}</pre>}
        </Panel>
        <Panel title="Event"><Facts of={facts} /></Panel>
      </div>
      {isOpen && <ReplayDialog choice={{ events: [event.id] }} onClose={() => { setOpen(false); }} />}
    </>
  );
}
