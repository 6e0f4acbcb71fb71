import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../base';
import { readUserSearch } from './search';

export const userRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/users/$id',
  validateSearch: readUserSearch,
  component: lazyRouteComponent(() => import('./UserPage'), 'UserPage'),
});
