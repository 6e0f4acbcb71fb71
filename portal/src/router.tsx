import { createRouter } from '@tanstack/react-router';
import { NotFoundPage } from '@/pages/not-found/NotFoundPage';
import { routeTree } from '@/pages/routes';
import { ErrorState } from '@/ui/states/ErrorState';
import { LoadingPage } from '@/ui/states/Loading';

/** A page that is there sooner shows no skeleton in between. */
const PENDING_MS = 200;

export const router = createRouter({
  routeTree,
  basepath: '/app',
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingMs: PENDING_MS,
  defaultPendingComponent: LoadingPage,
  defaultNotFoundComponent: NotFoundPage,
  defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={() => { reset(); void router.invalidate(); }} />,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
