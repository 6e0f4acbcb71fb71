// What of the customers is shown: it stands in the address, so that it can be kept, shared and gone back to.

import type { UsersFilter } from '@/api/users';

const SORTS = ['newest', 'oldest', 'name'] as const;

export const FIELDS = ['search', 'status', 'plan', 'attention', 'sort'] as const satisfies readonly (keyof UsersFilter)[];

/** The server's bound on what is searched for. */
const SEARCH_MAX = 100;

/** A filter out of an address, which anybody may have typed. */
export function readFilter(search: Record<string, unknown>): UsersFilter {
  const word = (key: string) => {
    const value = search[key];
    // An address of digits only is read as a number.
    const text = typeof value === 'number' ? String(value) : value;
    return typeof text === 'string' && text.trim() !== '' ? text.trim().slice(0, SEARCH_MAX) : undefined;
  };
  const sort = SORTS.find((it) => it === search.sort);
  return { search: word('search'), status: word('status'), plan: word('plan'), attention: word('attention'), sort };
}

/** Whether two filters show the same. */
export function isSame(one: UsersFilter, other: UsersFilter): boolean {
  return FIELDS.every((field) => one[field] === other[field]);
}

/** Whether it leaves anybody out. */
export function isNarrow({ search, status, plan, attention }: UsersFilter): boolean {
  return [search, status, plan, attention].some((it) => it !== undefined);
}
