import { useInfiniteQuery } from '@tanstack/react-query';
import { deliveriesQuery } from '@/api/health';
import type { Delivery } from '@/api/types';
import { DayField } from '@/ui/DayField';
import { EmptyState } from '@/ui/states/EmptyState';
import { Status } from '@/ui/Status';
import { DataTable } from '@/ui/table/DataTable';
import type { Column } from '@/ui/table/types';
import { When } from '@/ui/When';
import { now } from '@/util/clock';
import { dayWords, duration } from '@/util/days';
import { utcDay } from '@/util/time';
import { HealthHead } from './HealthHead';
import { deliveriesRoute } from './route';
import classes from './Health.module.css';

/** Longer than this on its way, an event is worth a look. Stripe sends within seconds. */
const LATE_S = 60;

const COLUMNS: readonly Column<Delivery>[] = [
  { key: 'at', header: 'Came in', cell: (it) => <When at={it.received_at} as="clock" /> },
  { key: 'kind', header: 'Event', isName: true, cell: (it) => <span className={classes.kind}>{it.event_kind ?? 'Of no known kind'}</span> },
  { key: 'answer', header: 'Answer', cell: (it) => <Status kind="event" word={it.answer} /> },
  {
    key: 'lag', header: 'On its way', align: 'right', foldBelow: 'sm', isEmpty: (it) => it.lag_s === null,
    cell: (it) => (it.lag_s === null ? <span className={classes.quiet}>–</span>
      : <span className={it.lag_s > LATE_S ? 'number' : `number ${classes.quiet ?? ''}`}>{duration(it.lag_s)}</span>),
  },
  { key: 'id', header: 'Id', foldBelow: 'md', cell: (it) => <code className={classes.quiet}>{it.event_id}</code> },
];

export function DeliveriesPage() {
  const { day = utcDay(now()) } = deliveriesRoute.useSearch();
  const navigate = deliveriesRoute.useNavigate();
  const list = useInfiniteQuery(deliveriesQuery(day));
  return (
    <>
      <HealthHead title="Deliveries">Each webhook that came in, with what became of it. Kept for 90 days.</HealthHead>
      <div className={classes.bar}>
        <DayField label="Day" day={day} onChange={(next) => { void navigate({ search: { day: next }, replace: true }); }} />
      </div>
      <DataTable label={`Deliveries of ${dayWords(day)}`} columns={COLUMNS} rows={list.data?.pages.flatMap((page) => page.deliveries)} rowKey={(it) => it.id}
        rowTo={(it) => `/events/${it.event_id}`} error={list.error} onRetry={list.refetch} unit="delivery"
        more={{ has: list.hasNextPage, isLoading: list.isFetchingNextPage, load: list.fetchNextPage }}
        empty={<EmptyState title={`Nothing came in on ${dayWords(day)}`}>Days are in UTC.</EmptyState>} />
    </>
  );
}
