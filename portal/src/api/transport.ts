// How requests are sent: with our header, in the one form of errors, and again after a challenge was met.

import { heardDate } from '@/util/clock';
import { createStore } from '@/util/store';
import { challengeOf, challenges } from './challenge';
import { ApiError, NetworkError, refusalOf } from './error';
import { heardFromServer, session } from './session';

/** Challenges one request may meet: to sign in, then to show a code, and each once more. */
const CHALLENGES_MAX = 4;

/** Tells the server that a page of ours asks: another site's form cannot send it. */
const CLIENT = ['x-linky-client', 'portal'] as const;

/** Whether the last request got an answer. */
export const isReachable = createStore(true);

async function once(request: Request): Promise<Response> {
  request.headers.set(...CLIENT);
  const response = await fetch(request).catch((error: unknown) => {
    if (request.signal.aborted) throw error;
    isReachable.set(false);
    throw new NetworkError(error);
  });
  isReachable.set(true);
  heardDate(response.headers.get('date'));
  if (!response.ok) throw refusalOf(response.status, await response.json().catch(() => null));
  heardFromServer();
  return response;
}

/** Sends a request. Whatever is not an answer is thrown. */
export async function send(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  for (let met = 0; ; met += 1) {
    try {
      return await once(request.clone());
    } catch (error) {
      if (!(error instanceof ApiError) || met === CHALLENGES_MAX) throw error;
      const kind = challengeOf(error, pathname, session.get() !== null);
      if (kind === null || !(await challenges[kind].ask(error))) throw error;
    }
  }
}
