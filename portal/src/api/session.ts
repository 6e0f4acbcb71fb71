// Who is signed in here, and until when. Several tabs share one session, and tell each other about it.

import { now } from '@/util/clock';
import { createStore } from '@/util/store';
import { challenges } from './challenge';
import { ApiError } from './error';
import type { SessionView } from './types';

/** A session ends when nothing was heard of it for half an hour; the server notes requests to the minute. */
export const IDLE_MS = 29 * 60_000;

/** How long before its end the person is warned. */
export const WARN_MS = 2 * 60_000;

export const session = createStore<SessionView | null>(null);

/** When the server last answered to this session, by its clock. */
export const heard = createStore(0);

type Told = { what: 'heard'; at_ms: number } | { what: 'signed_in' | 'signed_out' };
const tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('linky-session');

/** Other tabs are told at most this often that the session lives. */
const TELL_MS = 10_000;

/** Takes note that the server has answered to this session. */
export function heardFromServer(): void {
  const at_ms = now();
  const told = at_ms - heard.get() > TELL_MS;
  heard.set(at_ms);
  if (told) tabs?.postMessage({ what: 'heard', at_ms } satisfies Told);
}

/** When the session ends if nothing more is asked. */
export function endsAt(view: SessionView, heard_ms: number): number {
  return Math.min(Date.parse(view.lasts_until), Math.max(Date.parse(view.ends_at), heard_ms + IDLE_MS));
}

export function isSignedIn(view: SessionView | null): boolean {
  return view?.stage === 'signed_in';
}

/** Takes up the session of a person who has just signed in. Another one than before may not see what stands on the page. */
export function signedIn(view: SessionView): void {
  if (!isSignedIn(view)) return;
  const before = session.get();
  const isAnother = before !== null && before.person.id !== view.person.id;
  session.set(view);
  heard.set(now());
  tabs?.postMessage({ what: 'signed_in' } satisfies Told);
  if (isAnother) {
    challenges.sign_in.end(false);
    window.location.reload();
    return;
  }
  challenges.sign_in.end(true);
}

/** Has the person sign in over the page, which keeps what was typed. */
export function sessionLost(code: string, message: string): void {
  if (session.get() !== null && challenges.sign_in.asked.get() === null) {
    challenges.sign_in.asked.set(new ApiError(401, code, message, null));
  }
}

/** Forgets the session here and in other tabs. */
export function signedOut(): void {
  session.set(null);
  tabs?.postMessage({ what: 'signed_out' } satisfies Told);
}

/** Listens to the other tabs; `reread` asks the server who is signed in now. */
export function listenToTabs(reread: () => Promise<SessionView>): void {
  tabs?.addEventListener('message', ({ data }: MessageEvent<Told>) => {
    if (data.what === 'heard') heard.set((at_ms) => Math.max(at_ms, data.at_ms));
    if (data.what === 'signed_out') sessionLost('signed_out', 'You signed out in another tab.');
    // Where that fails the form stays, and this tab is signed in by hand.
    if (data.what === 'signed_in' && challenges.sign_in.asked.get() !== null) reread().then(takeUp, () => undefined);
  });
}

/** As `signedIn`, where another tab has told everybody already. */
function takeUp(view: SessionView): void {
  if (!isSignedIn(view)) return;
  if (session.get()?.person.id !== view.person.id) {
    window.location.reload();
    return;
  }
  session.set(view);
  heard.set(now());
  challenges.sign_in.end(true);
}
