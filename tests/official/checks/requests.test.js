// What our functions ask of Stripe is of the names and types that its libraries have for it: the parameters of the Python
// library, and those of the Node library with its enumerations closed. `tests/tests/suite/requests.rs` writes the requests down.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { closedDefinitions, compiled } from '../definitions.js';
import { shape } from '../literals.js';
import { python } from '../python.js';
import { records } from '../sandbox.js';

const folder = join(records, 'requests');

/** The parameters of a request as the libraries take them: nested, with numbers and booleans where the form has their text. */
function paramsOf({ query, body }) {
  const params = {};
  for (const [name, text] of new URLSearchParams(`${query}&${body}`)) {
    const steps = name.split(/[[\]]+/).filter(Boolean);
    let place = params;
    steps.slice(0, -1).forEach((step, number) => {
      place[step] ??= /^\d*$/.test(steps[number + 1]) ? [] : {};
      place = place[step];
    });
    const last = steps.at(-1);
    const value = steps[0] === 'metadata' || steps.includes('metadata') ? text : plain(text);
    if (Array.isArray(place) && last === '') place.push(value);
    else place[last] = value;
  }
  return params;
}

function plain(text) {
  if (/^-?\d+$/.test(text)) return Number(text);
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

/** The parameters' type: `POST /v1/checkout/sessions` takes a `checkout.SessionCreateParams`. */
function typeOf(route) {
  const [method, path] = route.split(' ');
  const steps = path.split('/').slice(2);
  const place = steps.findLastIndex((step) => step === ':id');
  const resource = place < 0 ? steps : steps.slice(0, place);
  const verb = place < 0 ? [] : steps.slice(place + 1);
  const act = { 'GET false': 'list', 'POST false': 'create', 'GET true': 'retrieve', 'POST true': 'update' }[`${method} ${place >= 0}`];
  const name = [resource.at(-1).replace(/s$/, ''), verb[0] ?? act, 'params'].join('_').split('_');
  return [...resource.slice(0, -1), name.map((word) => word[0].toUpperCase() + word.slice(1)).join('')];
}

/** One request of every shape of each route. */
async function asked() {
  const routes = JSON.parse(await readFile(join(records, 'requests.json'), 'utf8'));
  const distinct = new Map();
  for (const [route, requests] of Object.entries(routes)) {
    for (const request of requests) {
      const params = paramsOf(request);
      distinct.set(`${route} ${shape(params)}`, { route, type: typeOf(route), params });
    }
  }
  return [...distinct.values()];
}

/** Every complaint, by the line of one request each. */
const CHECKS = {
  async python(requests, name) {
    const lines = requests.map(({ type, params }, number) => `r${number}: params.${type.join('.')} = ${pythonLiteral(params)}`);
    const namespaces = [...new Set(requests.filter(({ type }) => type.length > 1).map(({ type }) => `, params.${type[0]}`))];
    const text = ['from stripe import params', ...namespaces.map((one) => `import stripe.${one.slice(2)}`), ...lines].join('\n');
    await writeFile(join(folder, `${name}.py`), `${text}\n`);
    const told = await python(['-m', 'mypy', '--strict', '--cache-dir', join(folder, 'mypy'), join(folder, `${name}.py`)]).catch((failed) => failed.message);
    const found = [...told.matchAll(/^\S+\.py:(\d+): error: (.*)$/gm)].map(([, line, words]) => [Number(line) - 2 - namespaces.length, words]);
    assert.ok(found.length || told.startsWith('Success'), told);
    return found;
  },
  async node(requests, name) {
    const capital = (word) => word.split('_').map((part) => part[0].toUpperCase() + part.slice(1)).join('');
    const lines = requests.map(({ type, params }, number) => {
      const named = [...type.slice(0, -1).map(capital), type.at(-1)].join('.');
      return `export const request${number}: Stripe.${named} = ${JSON.stringify(params)};`;
    });
    await writeFile(join(folder, `${name}.ts`), ["import type { Stripe } from './stripe/stripe.core.js';", ...lines].join('\n'));
    const { [`${name}.ts`]: complaints } = await compiled(folder, `${name}.ts`);
    return complaints.map(({ line, words }) => [line - 2, words]);
  },
};

function pythonLiteral(value) {
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}: ${pythonLiteral(inner)}`).join(', ')}}`;
  }
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : JSON.stringify(value);
}

let requests;
before(async () => {
  await closedDefinitions(folder);
  requests = await asked();
});

for (const [name, check] of Object.entries(CHECKS)) {
  test(`every request of ours is of the types of the ${name} library`, async (context) => {
    const complaints = await check(requests, 'requests');
    assert.deepEqual(complaints.map(([number, words]) => `${requests[number].route}: ${words}`), []);
    context.diagnostic(`${requests.length} shapes of ${new Set(requests.map(({ route }) => route)).size} calls`);
  });

  test(`a request that is wrong is not of the types of the ${name} library`, async () => {
    const wrong = [];
    const but = (route, change) => wrong.push({ ...requests.find((one) => one.route === route), params: change });
    but('POST /v1/customers', { nmae: 'Ada' });
    but('POST /v1/customers', { name: 1 });
    but('POST /v1/checkout/sessions', { mode: 'subscription', line_items: [{ prize: 'price_1' }] });
    but('POST /v1/subscription_schedules/:id', { phases: [{ items: [{ price: 'price_1' }], iterations: 3 }] });
    but('GET /v1/subscriptions', { limit: 'many' });
    if (name === 'node') but('GET /v1/subscriptions', { status: 'asleep' });
    const refused = new Set((await check(wrong, 'wrong')).map(([number]) => number));
    assert.deepEqual(wrong.filter((_one, number) => !refused.has(number)).map(({ params }) => params), []);
  });
}
