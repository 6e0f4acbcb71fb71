import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../base';

export type Shown = 'waiting' | 'mine' | 'all';

const SHOWN: readonly unknown[] = ['mine', 'all'];

export const approvalsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/approvals',
  validateSearch: (search: Record<string, unknown>): { show?: Exclude<Shown, 'waiting'> } => (
    SHOWN.includes(search.show) ? { show: search.show as 'mine' | 'all' } : {}
  ),
  component: lazyRouteComponent(() => import('./ApprovalsPage'), 'ApprovalsPage'),
});
