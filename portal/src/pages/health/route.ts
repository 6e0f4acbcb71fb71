import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { EventsShown } from '@/api/health';
import { utcDayOf } from '@/util/days';
import { insideRoute } from '../base';

/** The parts, and what came in by day. */
export const healthRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/health',
  component: lazyRouteComponent(() => import('./PartsPage'), 'PartsPage'),
});

export const alertsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/health/alerts',
  component: lazyRouteComponent(() => import('./AlertsPage'), 'AlertsPage'),
});

export const eventsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/health/events',
  validateSearch: (search: Record<string, unknown>): { outcome?: Exclude<EventsShown, 'given_up'> } => (
    search.outcome === 'pending' ? { outcome: 'pending' } : {}
  ),
  component: lazyRouteComponent(() => import('./EventsPage'), 'EventsPage'),
});

export const deliveriesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/health/deliveries',
  validateSearch: (search: Record<string, unknown>): { day?: string } => ({ day: utcDayOf(search.day) }),
  component: lazyRouteComponent(() => import('./DeliveriesPage'), 'DeliveriesPage'),
});

export const runsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/health/runs',
  component: lazyRouteComponent(() => import('./RunsPage'), 'RunsPage'),
});
