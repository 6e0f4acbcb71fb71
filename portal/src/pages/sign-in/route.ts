import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { outsideRoute } from '../base';

/** Where to go afterwards: a page of ours, never an address elsewhere. */
export function pageOf(to: unknown): string | undefined {
  return typeof to === 'string' && /^\/(?![/\\])/.test(to) ? to : undefined;
}

export const signInRoute = createRoute({
  getParentRoute: () => outsideRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string } => {
    const to = pageOf(search.to);
    return to === undefined ? {} : { to };
  },
  component: lazyRouteComponent(() => import('./SignInPage'), 'SignInPage'),
});
