// What the drives left: every call with its answer, by who called.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project, records } from './sandbox.js';

/** Every recorded call: `{ method, path, body, client, status, answer }`. */
export function recordedCalls() {
  const folder = join(records, 'calls');
  return readdirSync(folder).flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

/** The sample events that the simulator writes, one of each type that the product acts on. */
export function sampleEvents() {
  const folder = join(project, 'events/stripe');
  return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

/** The calls that the simulator serves, read from its router: `{ method, segments }`, an identifier being null. */
export function routes() {
  const source = readFileSync(join(project, 'infra/stripe-sim/src/router.rs'), 'utf8');
  const arms = [...source.matchAll(/^ {8}(\S.*) => /gm)].map(([, pattern]) => pattern);
  return arms.filter((pattern) => pattern !== '_').map((pattern) => {
    const [, method, segments] = /^\("(GET|POST|DELETE)", \[(.*)\]\)$/.exec(pattern) ?? [];
    if (!method) throw new Error(`the router has an arm that this proof cannot read: ${pattern}`);
    return { method, segments: segments.split(', ').map((segment) => /^"(.*)"$/.exec(segment)?.[1] ?? null) };
  });
}

/** How a route is written in Stripe's reference: `GET /v1/customers/:id`. */
export const written = ({ method, segments }) => `${method} /v1/${segments.map((segment) => segment ?? ':id').join('/')}`;

/** The route that a call took: the first that fits, as the router takes it. */
export function routeOf(call, among) {
  const [, version, ...asked] = new URL(call.path, 'http://sandbox').pathname.split('/');
  return among.find(({ method, segments }) => version === 'v1'
    && method === call.method
    && segments.length === asked.length
    && segments.every((segment, place) => segment === null || segment === asked[place]));
}
