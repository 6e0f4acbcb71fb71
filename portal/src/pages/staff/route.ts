import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../base';

export const staffRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/staff',
  component: lazyRouteComponent(() => import('./StaffPage'), 'StaffPage'),
});
