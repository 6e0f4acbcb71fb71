import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../base';
import { readFilter } from './filter';

export const usersRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/users',
  validateSearch: readFilter,
  component: lazyRouteComponent(() => import('./UsersPage'), 'UsersPage'),
});
