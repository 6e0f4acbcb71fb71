import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../base';

export const runRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/health/runs/$day',
  component: lazyRouteComponent(() => import('./RunPage'), 'RunPage'),
});
