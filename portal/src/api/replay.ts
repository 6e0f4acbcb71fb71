// Replays that are more than one answer has room for: the server says where to go on.

import { replay, type Replayed } from './health';
import type { Replay } from './types';

/** Requests that one replay may take: ten thousand events match at most, and each answer does at least some. */
const REQUESTS_MAX = 1_000;

/** Replays whatever was chosen, asking on until nothing is left. Tells how many are through after each answer. */
export async function replayAll(
  choice: Replayed, reason: string, onProgress: (done: number) => void, send: typeof replay = replay,
): Promise<readonly Replay[]> {
  const done: Replay[] = [];
  let rest = choice;
  for (let asked = 0; asked < REQUESTS_MAX; asked += 1) {
    const report = await send(rest, reason);
    done.push(...report.events);
    onProgress(done.length);
    const following = rest.events ? named(rest.events.slice(report.events.length)) : after(rest, report.next);
    if (report.left === 0 || following === null || report.events.length === 0) return done;
    rest = following;
  }
  return done;
}

function named(events: string[]): Replayed | null {
  return events.length === 0 ? null : { events };
}

function after({ matching }: Replayed, next: string | undefined): Replayed | null {
  return matching && next !== undefined ? { matching: { ...matching, starting_after: next } } : null;
}
