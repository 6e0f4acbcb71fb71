import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../base';

export const eventRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/events/$id',
  component: lazyRouteComponent(() => import('./EventPage'), 'EventPage'),
});
