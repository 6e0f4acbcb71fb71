import createClient from 'openapi-fetch';
import type { paths } from './schema';
import { send } from './transport';

/** The HTTP API. `no-cache` has the browser ask with the tag it knows, and take a 304 for the answer it has. */
export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: send, cache: 'no-cache' });

/** The answer of a call; refusals and lost connections are thrown by `send`. */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call;
  return data as T;
}
