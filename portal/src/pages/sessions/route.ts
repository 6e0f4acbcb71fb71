import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../base';

export const sessionsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/sessions',
  component: lazyRouteComponent(() => import('./SessionsPage'), 'SessionsPage'),
});
