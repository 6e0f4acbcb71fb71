// What stands between a request and its answer: the person has to sign in again, or to show a code. The request waits here,
// and is sent again once they have.

import { createStore } from '@/util/store';
import type { ApiError } from './error';

export type ChallengeKind = 'sign_in' | 'step_up';

interface Challenge {
  /** Why, in the server's words; null while nothing is asked for. */
  asked: ReturnType<typeof createStore<ApiError | null>>;
  /** Asks the person; true once they have done it, false where they will not. */
  ask: (error: ApiError) => Promise<boolean>;
  /** Tells everything that waits. */
  end: (met: boolean) => void;
}

function createChallenge(): Challenge {
  const asked = createStore<ApiError | null>(null);
  let waiting: ((met: boolean) => void)[] = [];
  return {
    asked,
    ask: (error) => {
      if (asked.get() === null) asked.set(error);
      return new Promise((resolve) => { waiting.push(resolve); });
    },
    end: (met) => {
      const all = waiting;
      waiting = [];
      asked.set(null);
      for (const resolve of all) resolve(met);
    },
  };
}

export const challenges: Readonly<Record<ChallengeKind, Challenge>> = {
  sign_in: createChallenge(),
  step_up: createChallenge(),
};

/** Requests by which somebody signs in: whatever they are told is for the form that sent them. */
const OWN_ANSWERS = /^\/api\/(sign-in|sign-out|session|authenticator|password-resets)(\/|$)/;

/** Which challenge an answer is; null where the answer is for whoever asked. */
export function challengeOf(error: ApiError, path: string, wasSignedIn: boolean): ChallengeKind | null {
  if (error.status === 403 && error.code === 'step_up_required' && !path.startsWith('/api/session')) return 'step_up';
  if (error.status === 401 && wasSignedIn && !OWN_ANSWERS.test(path)) return 'sign_in';
  return null;
}
