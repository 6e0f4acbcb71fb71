import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { AuditFilter } from '@/api/audit';
import { utcDayOf } from '@/util/days';
import { insideRoute } from '../base';

export interface AuditSearch extends AuditFilter {
  /** The entry that is open, as `actor:seq`. */
  entry?: string;
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** One of the three filters, as the server takes it. */
export function auditSearch(search: Record<string, unknown>): AuditSearch {
  const [actor, subject, day] = [text(search.actor), text(search.subject), utcDayOf(search.day)];
  const filter = actor !== undefined ? { actor } : subject !== undefined ? { subject } : day !== undefined ? { day } : {};
  return { ...filter, entry: text(search.entry) };
}

export const auditRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('./AuditPage'), 'AuditPage'),
});
