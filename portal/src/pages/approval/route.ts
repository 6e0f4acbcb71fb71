import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../base';

export const approvalRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/approvals/$id',
  component: lazyRouteComponent(() => import('./ApprovalPage'), 'ApprovalPage'),
});
