import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { actionsQuery } from '@/api/approvals';
import { waitingActionsQuery } from '@/api/glance';
import { session } from '@/api/session';
import type { ActionList } from '@/api/types';
import { EmptyState } from '@/ui/states/EmptyState';
import { LinkTabs } from '@/ui/LinkTabs';
import { PageTitle } from '@/ui/PageTitle';
import { useStore } from '@/util/store';
import { ActionTable } from './ActionTable';
import { approvalsRoute, type Shown } from './route';

const namesOf = (pages: readonly ActionList[] | undefined) => Object.assign({}, ...(pages ?? []).map((page) => page.people)) as Record<string, string>;

export function ApprovalsPage() {
  const { show = 'waiting' } = approvalsRoute.useSearch();
  const waiting = useQuery(waitingActionsQuery);
  const tab = (label: string, word: Shown, count?: number) => (
    { label, to: '/approvals', search: { show: word === 'waiting' ? undefined : word }, isActive: show === word, count }
  );
  return (
    <>
      <PageTitle title="Approvals">What one person alone may not do. Somebody else decides within 24 hours.</PageTitle>
      <LinkTabs label="Which requests"
        tabs={[tab('Waiting', 'waiting', waiting.data?.actions.length), tab('Mine', 'mine'), tab('All actions', 'all')]} />
      {show === 'waiting' ? <Waiting /> : <Ended show={show} />}
    </>
  );
}

/** What waits, the oldest first: it expires first. */
function Waiting() {
  const { data, error, refetch } = useQuery(waitingActionsQuery);
  return (
    <ActionTable label="Requests that wait" isQueue actions={data?.actions} people={data?.people ?? {}} error={error} onRetry={refetch}
      empty={<EmptyState title="Nothing waits for approval">What is asked for above somebody’s limits shows up here.</EmptyState>} />
  );
}

function Ended({ show }: { show: 'mine' | 'all' }) {
  const me = useStore(session)?.person.id;
  const list = useInfiniteQuery(actionsQuery);
  const all = list.data?.pages.flatMap((page) => page.actions);
  const more = { has: list.hasNextPage, isLoading: list.isFetchingNextPage, load: list.fetchNextPage };
  const shown = show === 'all' ? all : all?.filter((it) => it.requested_by === me);
  // Others' actions are left out here, so one's own may be further down.
  const isFurtherDown = shown?.length === 0 && list.hasNextPage && !list.isFetching;
  const { fetchNextPage } = list;
  useEffect(() => { if (isFurtherDown) void fetchNextPage(); }, [isFurtherDown, fetchNextPage]);
  const empty = show === 'all' ? <EmptyState title="Nobody has done anything yet" />
    : <EmptyState title="You have not asked for anything yet">Refunds, plan changes and the like that you ask for show up here.</EmptyState>;
  return (
    <ActionTable label={show === 'mine' ? 'What you asked for' : 'All actions'} actions={shown}
      people={namesOf(list.data?.pages)} error={list.error} onRetry={list.refetch} more={more} empty={empty} />
  );
}
