import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { eventsQuery } from '@/api/health';
import { useMissingRole } from '@/api/may';
import { ReplayByFilter } from '@/forms/replay/ReplayByFilter';
import { ReplayDialog } from '@/forms/replay/ReplayDialog';
import { ActionButton } from '@/ui/ActionButton';
import { EmptyState } from '@/ui/states/EmptyState';
import { LinkTabs } from '@/ui/LinkTabs';
import { count } from '@/util/words';
import { EventTable } from './EventTable';
import { HealthHead } from './HealthHead';
import { eventsRoute } from './route';
import classes from './Health.module.css';

const NOTHING: ReadonlySet<string> = new Set();

export function EventsPage() {
  const { outcome = 'given_up' } = eventsRoute.useSearch();
  // Another list is another choice.
  return <Events key={outcome} outcome={outcome} />;
}

function Events({ outcome }: { outcome: 'given_up' | 'pending' }) {
  const list = useInfiniteQuery(eventsQuery(outcome));
  const off = useMissingRole('billing');
  const [chosen, setChosen] = useState(NOTHING);
  const [open, setOpen] = useState<'chosen' | 'filter' | null>(null);
  const rows = list.data?.pages.flatMap((page) => page.events);
  const ids = rows?.map((event) => event.id).filter((id) => chosen.has(id)) ?? [];
  const close = () => { setOpen(null); };
  return (
    <>
      <HealthHead title="Events"
        actions={<ActionButton variant="default" off={off} onClick={() => { setOpen('filter'); }}>Replay by filter</ActionButton>}>
        What Stripe told and is not settled. Whatever was applied stands in its customer’s timeline.
      </HealthHead>
      <div className={classes.bar}>
        <LinkTabs look="pills" label="Which events" tabs={[
          { label: 'Given up', to: '/health/events', isActive: outcome === 'given_up' },
          { label: 'Pending', to: '/health/events', search: { outcome: 'pending' }, isActive: outcome === 'pending' },
        ]} />
        <div className={classes.chosen}>
          <span className={classes.quiet}>{ids.length === 0 ? 'Choose events to replay several at once.' : `${count(ids.length, 'event')} chosen`}</span>
          <ActionButton size="compact-sm" variant="default" off={off ?? (ids.length === 0 ? 'Choose events first.' : null)}
            onClick={() => { setOpen('chosen'); }}>
            Replay the chosen ones
          </ActionButton>
        </div>
      </div>
      <EventTable rows={rows} chosen={chosen} onChoose={setChosen} error={list.error} onRetry={list.refetch}
        more={{ has: list.hasNextPage, isLoading: list.isFetchingNextPage, load: list.fetchNextPage }}
        empty={outcome === 'given_up' ? <EmptyState title="No event was given up">Each one that came is applied, or is going to be.</EmptyState>
          : <EmptyState title="No event waits" />} />
      {open === 'chosen' && <ReplayDialog choice={{ events: ids }} onClose={() => { close(); setChosen(NOTHING); }} />}
      {open === 'filter' && <ReplayByFilter onClose={close} />}
    </>
  );
}
