import { Button } from '@mantine/core';
import { IconUserSearch } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { asked, everyUser, usersQuery, type UsersFilter } from '@/api/users';
import { CsvButton } from '@/ui/CsvButton';
import { PageTitle } from '@/ui/PageTitle';
import { EmptyState } from '@/ui/states/EmptyState';
import { DataTable } from '@/ui/table/DataTable';
import { sortState } from '@/ui/table/types';
import { now } from '@/util/clock';
import { utcDay } from '@/util/time';
import { columns, fileColumns } from './columns';
import { FilterBar } from './FilterBar';
import { isNarrow } from './filter';
import { Views } from './Views';
import classes from './UsersPage.module.css';

const route = getRouteApi('/inside/users');

export function UsersPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const found = useInfiniteQuery({ ...usersQuery(filter), placeholderData: keepPreviousData });
  const set = (next: UsersFilter, replace = false) => { void navigate({ search: next, replace, resetScroll: false }); };
  const { sort, search } = asked(filter);
  const isSearch = search !== undefined;
  return (
    <>
      <PageTitle title="Users" actions={<CsvButton fileName={`users-${utcDay(now())}`} columns={fileColumns} pages={(signal) => everyUser(filter, signal)}
        unit="user" />} />
      <Views filter={filter} />
      <div className={classes.frame}>
        <FilterBar filter={filter} set={set} />
        <Note filter={filter} />
        <DataTable label="Users" columns={columns} rows={found.data?.pages.flatMap((page) => page.users)} rowKey={(row) => row.id}
          rowTo={(row) => `/users/${row.id}`}
          sort={isSearch ? undefined : sortState(sort ?? 'newest',
            (by) => { set({ ...filter, sort: by === 'newest' ? undefined : by as UsersFilter['sort'] }); })}
          error={found.error} onRetry={found.refetch} unit="user" empty={<Nobody filter={filter} onClear={() => { set({}); }} />}
          more={{ has: found.hasNextPage, isLoading: found.isFetchingNextPage, load: found.fetchNextPage }} />
      </div>
    </>
  );
}

/** What of the filter does not count at this moment, and why. */
function Note({ filter }: { filter: UsersFilter }) {
  const { search, sort, status, plan, attention } = filter;
  const counted = asked(filter);
  const isFiltered = [status, plan, attention].some((it) => it !== undefined);
  if (search !== undefined && counted.search === undefined) return <div className={classes.note}>Two letters or more are searched for.</div>;
  if (search !== undefined && isFiltered) return <div className={classes.note}>The search goes through everybody; the filters do not count meanwhile.</div>;
  if (sort === 'name' && counted.sort !== 'name') return <div className={classes.note}>What is filtered is in order of time, not of names.</div>;
  return null;
}

function Nobody({ filter, onClear }: { filter: UsersFilter; onClear: () => void }) {
  if (!isNarrow(filter)) return <EmptyState title="No customers yet">Whoever signs up at the checkout is listed here.</EmptyState>;
  return (
    <EmptyState title={filter.search === undefined ? 'Nobody matches' : `Nobody is found for “${filter.search}”`}
      icon={<IconUserSearch size={28} aria-hidden />}
      action={<Button variant="default" onClick={onClear}>Show everybody</Button>}>
      {filter.search === undefined ? 'No customer stands like this at the moment.'
        : 'A name, a last name or an address is found by how it begins; a cus_… or sub_… id by the whole of it.'}
    </EmptyState>
  );
}
