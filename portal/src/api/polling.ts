// What is on screen stays true by asking again: every few seconds, less often while nobody looks, not at all for an empty chair.

import { idleFor } from '@/util/activity';

/** Nobody has touched anything for so long: the interval grows. */
const IDLE_MS = 60_000;

/** Nobody is there. Were it asked on, a session would never end. */
const AWAY_MS = 10 * 60_000;

/** Interval while nobody touches anything. */
const SLOW_MS = 30_000;

/** Longest interval after failures. */
const FAILING_MS_MAX = 60_000;

interface Circumstances {
  every_ms: number;
  idle_ms: number;
  isOnline: boolean;
  failures: number;
}

/** Until the next question; false where there is none until something happens. */
export function pollDelay({ every_ms, idle_ms, isOnline, failures }: Circumstances): number | false {
  if (!isOnline || idle_ms >= AWAY_MS) return false;
  const calm_ms = idle_ms >= IDLE_MS ? Math.max(every_ms, SLOW_MS) : every_ms;
  return failures === 0 ? calm_ms : Math.max(calm_ms, Math.min(FAILING_MS_MAX, every_ms * 2 ** Math.min(failures, 10)));
}

interface Polled {
  state: { fetchFailureCount: number };
}

/** Options of a query that is to stay true. Hidden tabs do not ask. */
export function polled(every_ms = 5_000) {
  return {
    refetchInterval: (query: Polled) => pollDelay({
      every_ms, idle_ms: idleFor(), isOnline: navigator.onLine, failures: query.state.fetchFailureCount,
    }),
    refetchIntervalInBackground: false,
  } as const;
}
