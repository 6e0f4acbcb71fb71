// Stripe's own TypeScript definitions hold for every object that the simulator showed: missing fields, wrong types, words that
// no enumeration has and fields that no type has do not compile.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { closedDefinitions, compiled } from '../definitions.js';
import { UNTYPED, literal, shape, typeOf } from '../literals.js';
import { recordedCalls, sampleEvents } from '../records.js';
import { records } from '../sandbox.js';

const folder = join(records, 'types');
const HEAD = `import type { Stripe } from './stripe/stripe.core.js';
import type { Decimal } from './stripe/shared.js';
declare function decimal(text: string): Decimal;
type Part<T> = T extends Decimal | unknown[] ? T : T extends object ? { [Field in keyof T]?: Part<T[Field]> | null } : T;
`;

/** Everything shown, one of every shape: whole answers, the elements of lists, the objects of events and what they were. */
function shown() {
  const distinct = new Map();
  const show = (object, from, type = typeOf(object)) => {
    const key = `${type} ${shape(object)}`;
    if (!distinct.has(key)) distinct.set(key, { object, from, type });
  };
  const showEvent = (event, from) => {
    const { previous_attributes: before } = event.data;
    // An invoice that is to come has no identifier yet; its type has.
    const object = event.type === 'invoice.upcoming' ? { id: '', ...event.data.object } : event.data.object;
    show({ ...event, data: { object } }, from);
    show(object, event.type);
    // What an object was is told in part, down to single fields, with null for one that it did not have; the library's types
    // know whole fields only.
    if (before) show(before, `what was before ${event.type}`, `Part<${typeOf(object)}>`);
  };
  for (const event of sampleEvents()) showEvent(event, 'the samples');
  for (const { status, method, path, answer } of recordedCalls()) {
    const from = `${method} ${path.split('?')[0].replace(/\/\w+_\w{8,}/g, '/:id')}`;
    if (status !== 200) {
      // The type of what went wrong with a payment is that of every refusal.
      show(answer.error, from, 'Stripe.PaymentIntent.LastPaymentError');
      continue;
    }
    const elements = answer.data instanceof Array ? answer.data : [answer];
    if (elements[0] !== answer) show({ ...answer, data: [] }, from, typeOf(answer));
    for (const element of elements) (element.object === 'event' ? showEvent : show)(element, from);
  }
  return [...distinct.values()];
}

/** A file of constants, and which of them stands at a line. */
function source(constants) {
  let text = HEAD;
  const starts = [];
  let lines = text.split('\n').length;
  constants.forEach(({ object, from, type }, number) => {
    starts.push({ line: lines, from, type });
    const constant = `export const object${number}: ${type} = ${literal(object, undefined, met)};\n`;
    text += constant;
    lines += constant.split('\n').length - 1;
  });
  return { text, at: (line) => starts.findLastIndex((start) => start.line <= line), starts };
}

const met = new Set();
let objects;

before(async () => {
  await closedDefinitions(folder);
  objects = shown();
});

test('every object shown is of the type that the library has for it', async (context) => {
  const { text, at, starts } = source(objects);
  await writeFile(join(folder, 'objects.ts'), text);
  const { 'objects.ts': complaints } = await compiled(folder, 'objects.ts');
  const lines = text.split('\n');
  const told = new Map(complaints.map(({ line, words }) => {
    const brief = words.replace(/type '\{.*?\}'(?= )/g, 'what was shown').slice(0, 300);
    const { from, type } = starts[at(line)];
    return [`${lines[line - 1].slice(0, 50)} ${brief}`, `${type} of ${from}, at ${lines[line - 1].slice(0, 50)}: ${brief}`];
  }));
  assert.deepEqual([...told.values()], []);
  context.diagnostic(`${objects.length} shapes of ${new Set(starts.map(({ type }) => type)).size} types compiled`);
});

test('every exception is met', () => {
  assert.deepEqual(Object.keys(UNTYPED).filter((untyped) => !met.has(untyped)), []);
});

test('what is broken does not compile', async () => {
  const first = new Map();
  for (const one of objects) if (!first.has(one.type)) first.set(one.type, one);
  const broken = [...first.values()].map(({ object, type }) => ({ object: { ...object, no_field_of_stripe: 1 }, type, from: `an extra field of ${type}` }));
  const but = (type, change, from) => broken.push({ object: change(first.get(type).object), type, from });
  but('Stripe.Subscription', ({ latest_invoice: _, ...missing }) => missing, 'a missing field');
  but('Stripe.Subscription', (whole) => ({ ...whole, created: '1' }), 'a text for a number');
  but('Stripe.Subscription', (whole) => ({ ...whole, status: 'asleep' }), 'a word that is no status');
  but('Stripe.Subscription', (whole) => ({ ...whole, items: { ...whole.items, data: [{}] } }), 'an element without its fields');
  but('Stripe.Event', (whole) => ({ ...whole, type: 'customer.asleep' }), 'a type of no event');
  but('Stripe.Event', (whole) => ({ ...whole, data: { object: { object: 'tax_rate' } } }), 'an event about something else');
  but('Part<Stripe.Invoice>', (whole) => ({ ...whole, status: 'asleep' }), 'a word that was no status');
  const { text, at } = source(broken);
  await writeFile(join(folder, 'broken.ts'), text);
  const { 'broken.ts': complaints } = await compiled(folder, 'broken.ts');
  const refused = new Set(complaints.map(({ line }) => at(line)));
  assert.deepEqual(broken.filter((_one, number) => !refused.has(number)).map(({ from }) => from), [], 'these compile');
});
