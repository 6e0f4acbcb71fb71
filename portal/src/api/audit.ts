// The audit log, and whether it is as it was written.

import { infiniteQueryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import { everyPage, paged } from './pages';
import { polled } from './polling';
import type { AuditEntry, Verified } from './types';

/** Of which the entries are; the server takes one of the three. */
export interface AuditFilter {
  day?: string;
  actor?: string;
  subject?: string;
}

const SHOWN = 50;
const FETCHED = 100;

export const auditQuery = (filter: AuditFilter) => infiniteQueryOptions({
  queryKey: ['audit', filter],
  queryFn: ({ pageParam, signal }) => answer(api.GET('/api/admin/audit', {
    params: { query: { ...filter, limit: SHOWN, cursor: pageParam ?? undefined } }, signal,
  })),
  ...paged,
  ...polled(10_000),
});

/** Every entry a filter finds, page after page. */
export async function* everyEntry(filter: AuditFilter, signal: AbortSignal): AsyncGenerator<readonly AuditEntry[]> {
  const read = (cursor: string | undefined) => answer(api.GET('/api/admin/audit', {
    params: { query: { ...filter, limit: FETCHED, cursor } }, signal,
  }));
  for await (const page of everyPage(read)) yield page.entries;
}

/** Requests that one verification may take. Each looks at some thousand entries. */
const REQUESTS_MAX = 10_000;

/** Asks on until the whole log was looked through, or a broken place was found. Tells how far it has come after each answer. */
export async function verifyLog(
  onProgress: (so_far: Verified) => void, signal: AbortSignal,
  ask: (cursor: string | undefined) => Promise<Verified> = (cursor) => askOn(cursor, signal),
): Promise<Verified> {
  let so_far: Verified = { chains: 0, entries: 0, broken: null, next: null };
  for (let asked = 0; asked < REQUESTS_MAX; asked += 1) {
    signal.throwIfAborted();
    const part = await ask(so_far.next ?? undefined);
    so_far = { ...part, chains: so_far.chains + part.chains, entries: so_far.entries + part.entries };
    onProgress(so_far);
    if (so_far.next === null || so_far.broken !== null) return so_far;
  }
  return so_far;
}

function askOn(cursor: string | undefined, signal: AbortSignal): Promise<Verified> {
  return answer(api.GET('/api/admin/audit/verify', { params: { query: { cursor } }, signal }));
}
