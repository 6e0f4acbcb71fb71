import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../base';
import { readReportsSearch } from './search';

export const reportsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/reports',
  validateSearch: readReportsSearch,
  component: lazyRouteComponent(() => import('./ReportsPage'), 'ReportsPage'),
});
