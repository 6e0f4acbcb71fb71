// The list of customers: searched, or filtered and sorted.

import { infiniteQueryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import { everyPage, paged } from './pages';
import { polled } from './polling';
import type { UserRow } from './types';

export interface UsersFilter {
  search?: string;
  status?: string;
  plan?: string;
  attention?: string;
  sort?: 'newest' | 'oldest' | 'name';
}

/** Rows of a page on screen, and of a page that is fetched for a file. */
const SHOWN = 50;
const FETCHED = 100;

/** What the server is asked: it searches or filters, and sorts by name only what is neither. */
export function asked({ search, status, plan, attention, sort }: UsersFilter): UsersFilter {
  if (search !== undefined && search.length >= 2) return { search };
  const isFiltered = status !== undefined || plan !== undefined || attention !== undefined;
  return { status, plan, attention, sort: isFiltered && sort === 'name' ? undefined : sort };
}

export const usersQuery = (filter: UsersFilter) => infiniteQueryOptions({
  queryKey: ['users', 'list', asked(filter)],
  queryFn: ({ pageParam, signal }) => answer(api.GET('/api/admin/users', {
    params: { query: { ...asked(filter), limit: SHOWN, cursor: pageParam ?? undefined } }, signal,
  })),
  ...paged,
  ...polled(10_000),
});

/** Every customer a filter finds, page after page. */
export async function* everyUser(filter: UsersFilter, signal: AbortSignal): AsyncGenerator<readonly UserRow[]> {
  const read = (cursor: string | undefined) => answer(api.GET('/api/admin/users', {
    params: { query: { ...asked(filter), limit: FETCHED, cursor } }, signal,
  }));
  for await (const page of everyPage(read)) yield page.users;
}
