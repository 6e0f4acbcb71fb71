// Whether somebody is there. Polling keeps a session alive, so it may not go on for an empty chair.

import { now } from './clock';
import { createStore } from './store';

const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** Signs nearer than this are one. */
const GRAIN_MS = 1_000;

/** Away for longer than this, somebody who comes back wants to see what is new. */
const AWAY_MS = 60_000;

let seen_ms = now();

/** Counts how often somebody came back. */
export const returns = createStore(0);

/** How long nobody has touched anything. */
export function idleFor(): number {
  return Math.max(0, now() - seen_ms);
}

function seen(): void {
  const idle_ms = idleFor();
  if (idle_ms < GRAIN_MS) return;
  seen_ms = now();
  if (idle_ms > AWAY_MS) returns.set((count) => count + 1);
}

/** Begins to look, once for the page. */
export function watchActivity(): void {
  for (const sign of SIGNS) window.addEventListener(sign, seen, { passive: true, capture: true });
}
