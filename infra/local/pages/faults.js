// The faults on the control page: what can go wrong, what is to, how often it did, and taking it back.

import { ask, askTo, complain, find, list, make, moment, whenChanged } from './page.js';

const places = { webhooks: 'Webhooks', stripe: 'Stripe', dynamodb: 'DynamoDB', sqs: 'SQS', ses: 'SES', function: 'Functions' };

const presets = [
  ['Stripe down for an hour', { on: 'stripe', fault: 'down', for_s: 3600 }],
  ['Every webhook twice', { on: 'webhooks', fault: 'duplicate', copies: 2 }],
  ['Webhooks in reverse', { on: 'webhooks', fault: 'reorder', within_s: 10 }],
  ['Drop the next 3 webhooks', { on: 'webhooks', fault: 'drop', times: 3 }],
  ['Corrupt half of them', { on: 'webhooks', fault: 'corrupt', percent: 50 }],
  ['DynamoDB throttles for an hour', { on: 'dynamodb', fault: 'throttle', for_s: 3600 }],
  ['Kill the worker', { on: 'function', fault: 'die', function: 'retry-event', call: 3 }],
];

let kinds = [];
let look = () => {};

const chosen = () => kinds.find((kind) => `${kind.on} ${kind.fault}` === find('kind').value);

/** Shows what is planned; `again` asks the sandbox anew. */
export function showFaults({ faults, functions }, again) {
  look = again;
  draw(faults);
  drawFunctions(functions);
}

const drawFunctions = whenChanged((functions) => {
  find('function').replaceChildren(make('option', { value: '' }, 'every function'),
    ...functions.map((name) => make('option', { value: name }, name)));
});

const draw = whenChanged((faults) => {
  const active = faults.filter((fault) => fault.active).length;
  find('fault-count').textContent = active;
  find('fault-count').hidden = active === 0;
  find('take-all-back').hidden = faults.length === 0;
  list(find('faults'), find('no-faults'), faults.map(row));
});

function row(fault) {
  const button = make('button', { type: 'button', class: 'small' }, fault.active ? 'Take back' : 'Remove');
  button.addEventListener('click', () => act(button, 'DELETE', `/control/faults/${fault.id}`));
  const limits = [
    fault.ask.percent ? `${fault.ask.percent} in 100` : '',
    fault.left != null && fault.active ? `${fault.left} to go` : '',
    fault.until && fault.active ? `until ${moment(fault.until)}` : '',
    fault.active ? `since ${moment(fault.since)}` : 'over',
  ].filter(Boolean);
  return make('li', { class: fault.active ? 'active' : 'over' },
    make('span', { class: 'words' }, fault.words),
    make('span', { class: 'faint' }, limits.join(' · ')),
    make('span', { class: `badge ${fault.struck && fault.active ? 'bad' : 'off'}` }, `struck ${fault.struck} ×`),
    button);
}

async function act(button, method, path, body) {
  complain(find('fault-wrong'));
  button.disabled = true;
  try {
    await askTo(method, path, body);
  } catch (error) {
    complain(find('fault-wrong'), error.message);
  }
  button.disabled = false;
  look();
}

function showKinds() {
  const on = find('on').value;
  const there = kinds.filter((kind) => kind.on === on);
  find('kind').replaceChildren(...there.map((kind) => make('option', { value: `${on} ${kind.fault}` },
    kind.does[0].toUpperCase() + kind.does.slice(1))));
  showSettings();
}

function showSettings() {
  const kind = chosen();
  find('settings').replaceChildren(...kind.settings.map(({ name, means, min, max, otherwise }) => {
    const type = max > 0 ? { type: 'number', min, max } : { type: 'text', maxlength: 40 };
    return make('div', {},
      make('label', { for: `setting-${name}` }, means[0].toUpperCase() + means.slice(1)),
      make('input', { id: `setting-${name}`, 'data-setting': name, value: otherwise, required: true, ...type }));
  }));
  find('settings').hidden = kind.settings.length === 0;
  find('of-event').hidden = kind.on !== 'webhooks';
  find('of-function').hidden = kind.on === 'webhooks';
  for (const id of ['limit', 'window']) find(id).closest('div').hidden = kind.on === 'function';
}

function asked() {
  const { on, fault } = chosen();
  const ask = { on, fault };
  for (const input of find('settings').querySelectorAll('input')) {
    ask[input.dataset.setting] = input.type === 'number' ? Number(input.value) : input.value;
  }
  if (on === 'webhooks' && find('event-type').value.trim()) ask.event_type = find('event-type').value.trim();
  if (on !== 'webhooks' && find('function').value) ask.function = find('function').value;
  if (on === 'function') return ask;
  const [limit, number] = find('limit').value.split(':');
  if (limit) ask[limit] = Number(number);
  if (find('window').value) ask.for_s = Number(find('window').value);
  return ask;
}

find('on').addEventListener('change', showKinds);
find('kind').addEventListener('change', showSettings);
find('fault').addEventListener('submit', (event) => {
  event.preventDefault();
  act(event.target.querySelector('[type="submit"]'), 'POST', '/control/faults', asked());
});
find('take-all-back').addEventListener('click', () => act(find('take-all-back'), 'DELETE', '/control/faults'));
find('presets').replaceChildren(...presets.map(([words, fault]) => {
  const button = make('button', { type: 'button', class: 'small' }, words);
  button.addEventListener('click', () => act(button, 'POST', '/control/faults', fault));
  return button;
}));

try {
  ({ kinds } = await ask('/control/faults'));
  find('on').replaceChildren(...Object.entries(places).map(([on, words]) => make('option', { value: on }, words)));
  showKinds();
} catch (error) {
  complain(find('fault-wrong'), error.message);
}
