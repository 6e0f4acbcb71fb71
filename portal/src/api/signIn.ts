import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import { signedIn, signedOut } from './session';
import type { SessionView } from './types';

/** Who is signed in, as the server says. It also keeps the session alive. */
export async function readSession(): Promise<SessionView> {
  return answer(api.GET('/api/session'));
}

export async function signIn(email: string, password: string): Promise<SessionView> {
  const view = await answer(api.POST('/api/sign-in', { body: { kind: 'administrator', email, password } }));
  signedIn(view);
  return view;
}

/** Shows the code of the app, or a recovery code. */
export async function showSecondFactor(code: string): Promise<SessionView> {
  const view = await answer(api.POST('/api/sign-in/second-factor', { body: { code } }));
  signedIn(view);
  return view;
}

export async function stepUp(code: string): Promise<SessionView> {
  const view = await answer(api.POST('/api/session/step-up', { body: { code } }));
  signedIn(view);
  return view;
}

export async function offerAuthenticator() {
  return answer(api.POST('/api/authenticator', { body: {} }));
}

/** Confirms the app. The session is taken up by whoever shows the recovery codes, once they are kept. */
export async function confirmAuthenticator(code: string) {
  return answer(api.POST('/api/authenticator/confirm', { body: { code } }));
}

export async function signOut(): Promise<void> {
  await answer(api.POST('/api/sign-out', { body: {} }));
  signedOut();
}

export async function askForReset(email: string) {
  return answer(api.POST('/api/password-resets', { body: { kind: 'administrator', email } }));
}

export async function setPassword(token: string, password: string) {
  return answer(api.POST('/api/password-resets/confirm', { body: { token, password } }));
}

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => answer(api.GET('/api/sessions', { signal })),
});

export async function revokeSession(id: string) {
  return answer(api.DELETE('/api/sessions/{id}', { params: { path: { id } } }));
}
