import { Button, SegmentedControl } from '@mantine/core';
import { IconArrowsExchange, IconBolt, IconMail, IconUserBolt } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Entry, EntryKind, User } from '@/api/types';
import { timelineQuery, userActionsQuery } from '@/api/user';
import { Money } from '@/ui/Money';
import { Panel } from '@/ui/Panel';
import { EmptyState } from '@/ui/states/EmptyState';
import { ErrorState } from '@/ui/states/ErrorState';
import { LoadingRows } from '@/ui/states/Loading';
import { Status } from '@/ui/Status';
import { When } from '@/ui/When';
import { pageOf } from '@/util/serverWords';
import { day } from '@/util/time';
import { sentenceCase } from '@/util/words';
import { KINDS } from './search';
import classes from './Timeline.module.css';
import page from './UserPage.module.css';

const route = getRouteApi('/inside/users/$id');

const LOOKS: Readonly<Record<EntryKind, readonly [label: string, icon: typeof IconBolt]>> = {
  event: ['Events', IconBolt], action: ['Actions', IconUserBolt], mail: ['Mails', IconMail], plan_change: ['Plan changes', IconArrowsExchange],
};

/** What goes without saying is not said at each line. */
const USUAL = ['applied', 'sent', 'succeeded', 'done'];

/** Everything that has happened, from Stripe, from administrators and by mail, the latest first. */
export function Timeline({ user }: { user: User }) {
  const { kind } = route.useSearch();
  const navigate = route.useNavigate();
  const found = useInfiniteQuery({ ...timelineQuery(user.id, kind), placeholderData: keepPreviousData });
  const people = useQuery(userActionsQuery(user.id)).data?.people ?? {};
  const entries = found.data?.pages.flatMap((page) => page.entries);
  const choose = (next: string) => { void navigate({ search: (now) => ({ ...now, kind: KINDS.find((it) => it === next) }), replace: true,
    resetScroll: false }); };
  return (
    <Panel title="Timeline" flush actions={(
      <SegmentedControl size="xs" aria-label="Of the timeline" value={kind ?? 'all'} onChange={choose}
        data={[{ value: 'all', label: 'All' }, ...KINDS.map((value) => ({ value, label: LOOKS[value][0] }))]} />
    )}>
      {entries === undefined && (found.error ? <ErrorState error={found.error} onRetry={found.refetch} />
        : <div className={page.nothing}><LoadingRows /></div>)}
      {entries?.length === 0 && <EmptyState title="Nothing of this kind has happened" />}
      <ol className={classes.timeline} aria-busy={found.isPlaceholderData}>
        {entries?.map((entry, index) => {
          const isNewDay = day(entry.at) !== day(entries[index - 1]?.at ?? 0);
          return <Line key={`${entry.kind}${entry.id}`} entry={entry} isNewDay={isNewDay} actor={entry.actor && (people[entry.actor] ?? entry.actor)} />;
        })}
      </ol>
      {found.hasNextPage && (
        <div className={classes.more}><Button variant="default" size="xs" loading={found.isFetchingNextPage}
          onClick={() => { void found.fetchNextPage(); }}>Load more</Button></div>
      )}
    </Panel>
  );
}

/** What the title does not say already: of an event, it is the event's type in words. */
function detailOf({ kind, title, detail }: Entry): string | null {
  if (detail === null || kind === 'plan_change' || detail.replaceAll(/[._]/g, ' ').endsWith(title.toLowerCase())) return null;
  return kind === 'action' || kind === 'mail' ? sentenceCase(detail) : detail;
}

function Line({ entry, isNewDay, actor }: { entry: Entry; isNewDay: boolean; actor: string | null }) {
  const { kind, title, outcome, amount, id, object_id, at } = entry;
  const Icon = LOOKS[kind][1];
  // An entry of the audit log has its action as its object.
  const to = pageOf(kind === 'action' ? object_id ?? '' : id);
  const isUsual = outcome === null || USUAL.includes(outcome);
  return (
    <li className={classes.entry} data-day={isNewDay}>
      <span className={classes.entryDay}>{isNewDay && <When at={at} as="day" />}</span>
      <Icon size={15} aria-hidden />
      <span className={classes.entryWords}>
        {to === null ? title : <Link to={to} className={classes.entryLink}>{title}</Link>}
        {!isUsual && <Status kind={kind === 'action' ? 'audit' : 'event'} word={outcome} />}
        <span className={page.quiet}>{[actor, detailOf(entry)].filter(Boolean).join(' · ')}</span>
      </span>
      <span className={classes.entryAmount}>{amount && <Money of={amount} />}</span>
      <span className={classes.entryTime}><When at={at} as="clock" /></span>
    </li>
  );
}
