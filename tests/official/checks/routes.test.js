// Every call the simulator serves is driven by both libraries, and answered at least once. A new route without a drive
// turns this red.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordedCalls, routeOf, routes, written } from '../records.js';

/** Served, and refused to every client: only the simulator itself can make a refund wait for its customer. */
const ONLY_REFUSED = ['POST /v1/refunds/:id/cancel', 'POST /v1/test_helpers/refunds/:id/expire'];

const served = routes();
const calls = recordedCalls();

for (const client of ['node', 'python']) {
  test(`every call is driven by the ${client} library`, (context) => {
    const own = calls.filter((call) => call.client === client);
    const driven = (list) => new Set(list.map((call) => routeOf(call, served)).filter(Boolean).map(written));
    const answered = driven(own.filter((call) => call.status === 200));
    const missing = served.map(written).filter((route) => !answered.has(route) && !ONLY_REFUSED.includes(route));
    assert.deepEqual(missing, [], 'served, but not driven');
    const called = driven(own);
    assert.deepEqual(ONLY_REFUSED.filter((route) => !called.has(route) || answered.has(route)), []);
    context.diagnostic(`${called.size} of ${served.length} routes driven in ${own.length} calls`);
  });
}
