import { createRootRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { ApiError } from '@/api/error';
import { isSignedIn, session, signedIn } from '@/api/session';
import { readSession } from '@/api/signIn';
import { Outside } from './outside/Outside';

export const rootRoute = createRootRoute();

/** Pages for those who are not signed in yet. */
export const outsideRoute = createRoute({ getParentRoute: () => rootRoute, id: 'outside', component: Outside });

/** Pages for those who are. Whoever is not signs in first, and comes back. */
export const insideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'inside',
  component: lazyRouteComponent(() => import('./inside/Inside'), 'Inside'),
  beforeLoad: async ({ location }) => {
    if (session.get() !== null) return;
    if (!(await takeUpSession())) throw redirect({ to: '/sign-in', search: { to: location.href } });
  },
});

/** Whether the browser has a session that is signed in; it is then taken up. */
async function takeUpSession(): Promise<boolean> {
  try {
    const view = await readSession();
    if (!isSignedIn(view)) return false;
    signedIn(view);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return false;
    throw error;
  }
}
