import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { outsideRoute } from '../base';

export const setPasswordRoute = createRoute({
  getParentRoute: () => outsideRoute,
  path: '/set-password',
  component: lazyRouteComponent(() => import('./SetPasswordPage'), 'SetPasswordPage'),
});
