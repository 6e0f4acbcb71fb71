import { QueryClient } from '@tanstack/react-query';
import { returns } from '@/util/activity';
import { isPassing } from './error';

/** Failures after which a query says so, instead of asking again by itself. */
const RETRIES_MAX = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (failures, error) => failures < RETRIES_MAX && isPassing(error),
      retryDelay: (failures) => Math.min(500 * 2 ** failures, 4_000) * (0.75 + Math.random() / 2),
    },
    // A change is sent again by the person, who has to see what became of the first.
    mutations: { retry: false, networkMode: 'always' },
  },
});

/** Whoever comes back sees what is new. */
export function refreshOnReturn(): void {
  returns.subscribe(() => { void queryClient.invalidateQueries({ type: 'all', refetchType: 'active' }); });
}
