import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../base';

/** Every address that no other page has. */
export const notFoundRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/$',
  component: lazyRouteComponent(() => import('./NotFoundPage'), 'NotFoundPage'),
});
