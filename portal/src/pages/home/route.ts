import { createRoute, redirect } from '@tanstack/react-router';
import { insideRoute } from '../base';

/** Leads to the page one begins with. */
export const homeRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/users' });
  },
});
