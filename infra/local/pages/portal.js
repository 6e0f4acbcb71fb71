// The billing portal's page: a customer's subscription, card and invoices.

import { watchActivity } from './activity.js';
import { ask, complain, date, every, find, grouped, list, make, money } from './page.js';

watchActivity();

const path = `/control/portal/${encodeURIComponent(location.pathname.split('/').pop())}`;

const invoiceStatuses = {
  paid: ['Paid', 'good'],
  open: ['Open', 'bad'],
  draft: ['Draft', 'off'],
  void: ['Void', 'off'],
  uncollectible: ['Written off', 'off'],
};

function show(portal) {
  find('who').textContent = portal.name ?? portal.email ?? 'Your subscription';
  if (portal.return_url) find('back').href = portal.return_url;
  find('subscriptions').replaceChildren(...portal.subscriptions.map((each) => subscription(each, portal)));
  find('waiting').replaceChildren(...(portal.may.invoice_history ? portal.waiting.map(waiting) : []));
  find('on-file').textContent = portal.card
    ? `•••• ${portal.card.last4}, expires ${String(portal.card.exp_month).padStart(2, '0')}/${portal.card.exp_year}`
    : 'No card on file';
  if (!find('cards').hasChildNodes()) {
    find('cards').replaceChildren(...portal.cards.map((card, at) => make('label', { class: 'test-card' },
      make('input', { type: 'radio', name: 'card', value: card.number, checked: at === 0 }),
      make('span', { class: 'card-number' }, grouped(card.number)),
      make('span', { class: 'faint' }, card.behaves))));
  }
  find('card').hidden = !portal.may.payment_method_update;
  list(find('rows'), find('no-invoices'), portal.invoices.map(invoice));
  find('history').hidden = !portal.may.invoice_history;
  find('own').hidden = false;
}

function subscription({ id, plan, price_cents, interval_months, ends_s, period_end_s }, portal) {
  const words = ends_s
    ? `Ends on ${date(ends_s * 1000)}. Nothing more is charged.`
    : `Renews on ${date(period_end_s * 1000)}.`;
  const button = ends_s
    ? action('Keep the subscription', 'renew', id, `${plan} goes on.`)
    : action('Cancel the subscription', 'cancel', id, `${plan} is cancelled.`);
  return make('article', { class: 'portal-part', 'aria-label': plan },
    make('p', { class: 'price' }, `${money(price_cents)} `, make('span', { class: 'every' }, every(interval_months))),
    make('p', {}, make('b', {}, plan), ` · ${words}`),
    portal.may.subscription_cancel ? make('p', {}, button) : null);
}

function waiting({ id, cents }) {
  const answer = (words, outcome, done, primary) => {
    const button = make('button', { type: 'button', class: primary && 'primary' }, words);
    button.addEventListener('click', () => act(button, 'authenticate', { payment_intent: id, outcome }, done));
    return button;
  };
  return make('article', { class: 'portal-part', 'aria-label': 'Your bank asks' },
    make('p', { class: 'differs' }, `Your bank asks whether it is you who pays ${money(cents)}.`),
    make('p', { class: 'actions' },
      answer('Yes, pay', 'passed', `${money(cents)} is paid.`, true),
      answer('No', 'failed', 'Nothing is charged. Give another card.')));
}

function action(words, verb, id, done) {
  const button = make('button', { type: 'button' }, words);
  // What ends a subscription is said twice: the second press does it.
  let sure = verb !== 'cancel';
  button.addEventListener('click', () => {
    if (sure) {
      act(button, verb, { subscription: id }, done);
    } else {
      sure = true;
      button.textContent = 'Yes, cancel the subscription';
    }
  });
  return button;
}

function invoice({ number, created_s, cents, status }) {
  const [words, tone] = invoiceStatuses[status] ?? [status, 'off'];
  return make('tr', {},
    make('td', { class: 'faint' }, date(created_s * 1000)),
    make('td', {}, number ?? 'Not numbered yet'),
    make('td', { class: 'number' }, money(cents)),
    make('td', {}, make('span', { class: `badge ${tone}` }, words)));
}

async function act(button, verb, body, done) {
  complain(find('wrong'));
  find('done').textContent = '';
  button.disabled = true;
  try {
    show(await ask(`${path}/${verb}`, body));
    find('done').textContent = done;
  } catch (error) {
    complain(find('wrong'), error.message);
  }
  button.disabled = false;
}

find('card').addEventListener('submit', (event) => {
  event.preventDefault();
  const card = new FormData(event.target).get('card');
  act(find('submit'), 'card', { card }, `The card ending in ${card.slice(-4)} pays from now on.`);
});

try {
  show(await ask(path));
} catch (error) {
  find('who').textContent = 'This page cannot be opened';
  complain(find('wrong'), error.message);
}
