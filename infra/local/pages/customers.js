// The customers on the control page: one card each, kept and updated, so that what somebody is choosing stays chosen.

import { chargeRows } from './charges.js';
import { ask, complain, date, find, make, money, whenChanged } from './page.js';

const shown = new Map();
let numbers = 0;

const statuses = {
  active: ['Active', 'good'],
  trialing: ['Trial', 'good'],
  past_due: ['Past due', 'bad'],
  unpaid: ['Unpaid', 'bad'],
  canceled: ['Canceled', 'off'],
  incomplete: ['Incomplete', 'warn'],
  incomplete_expired: ['Never paid', 'off'],
  paused: ['Paused', 'warn'],
};

const brands = { visa: 'Visa', mastercard: 'Mastercard' };

const wanted = { search: '', state: '', page: 0 };

/** What to ask the sandbox for, so that the customers wanted are among the answer. */
export const wantedCustomers = () => new URLSearchParams(wanted).toString();

/** Has the search, the state and the page decide which customers are shown; `look` asks the sandbox again. */
export function findCustomers(look) {
  const want = (change) => {
    Object.assign(wanted, change);
    look();
  };
  find('finder').addEventListener('submit', (event) => event.preventDefault());
  find('customer-search').addEventListener('input', (event) => want({ search: event.target.value, page: 0 }));
  find('customer-state').addEventListener('change', (event) => want({ state: event.target.value, page: 0 }));
  find('newer').addEventListener('click', () => want({ page: wanted.page - 1 }));
  find('older').addEventListener('click', () => want({ page: wanted.page + 1 }));
}

function showFound({ customers_all: all, customers_found: found, customers_page: page, customers_pages: pages }) {
  wanted.page = page;
  find('no-customers').hidden = all > 0;
  find('no-match').hidden = all === 0 || found > 0;
  find('finder').hidden = all < 2;
  set(find('customer-count'), found === all ? `${all}` : `${found} of ${all}`);
  find('customer-count').hidden = all === 0;
  find('pager').hidden = pages < 2;
  set(find('page-number'), `Page ${page + 1} of ${pages}`);
  find('newer').disabled = page === 0;
  find('older').disabled = page === pages - 1;
}

/** Shows `customers`; `look` asks the sandbox again after something was done. */
export function showCustomers(state, look) {
  const { customers, cards } = state;
  showFound(state);
  const seen = new Set();
  customers.forEach((customer, at) => {
    seen.add(customer.id);
    if (!shown.has(customer.id)) shown.set(customer.id, card(customer.id, cards, look));
    const { element, update } = shown.get(customer.id);
    update(customer);
    if (find('customers').children[at] !== element) {
      find('customers').insertBefore(element, find('customers').children[at] ?? null);
    }
  });
  for (const [id, { element }] of shown) {
    if (seen.has(id)) continue;
    element.remove();
    shown.delete(id);
  }
}

function fact(name) {
  const value = make('dd', {}, '');
  const later = make('dd', { class: 'later' });
  return { value, later, element: make('div', {}, make('dt', {}, name), value, later) };
}

function card(id, cards, look) {
  const number = ++numbers;
  const avatar = make('span', { class: 'avatar', 'aria-hidden': 'true' });
  const name = make('h3', { id: `customer-${number}` });
  const email = make('p', { class: 'faint' });
  const plan = make('span', { class: 'badge plan-badge' });
  const status = make('span', { class: 'badge' });
  const paid = fact('Paid so far');
  const owed = fact('Owed');
  const next = fact('Next charge');
  const access = fact('Access');
  const onFile = fact('Card');
  const select = make('select', { id: `card-${number}` },
    ...cards.map((card) => make('option', { value: card.number }, `${card.behaves} · ${card.number.slice(-4)}`)));
  const change = make('button', { type: 'button' }, 'Change card');
  const pay = make('button', { type: 'button', class: 'primary' }, 'Pay open invoice now');
  const portal = make('button', { type: 'button' }, 'Billing portal');
  const differs = make('p', { class: 'differs', hidden: true });
  const charges = make('ul', { class: 'rows charges' });
  const payments = make('details', { class: 'payments' }, make('summary', {}, 'Payments, refunds and disputes'), charges);
  const done = make('p', { class: 'said', role: 'status' });
  const wrong = make('p', { class: 'wrong', role: 'alert', hidden: true });

  async function act(button, path, body, words) {
    complain(wrong);
    done.textContent = '';
    button.disabled = true;
    try {
      await ask(path, body);
      done.textContent = words;
    } catch (error) {
      complain(wrong, error.message);
    }
    button.disabled = false;
    look();
  }
  change.addEventListener('click', () => act(change, '/control/card', { customer: id, card: select.value },
    `The card ending in ${select.value.slice(-4)} is now on file.`));
  pay.addEventListener('click', () => act(pay, '/control/pay', { customer: id }, 'The open invoice is paid.'));

  portal.addEventListener('click', async () => {
    complain(wrong);
    try {
      location.assign((await ask('/control/portal', { customer: id })).url);
    } catch (error) {
      complain(wrong, error.message);
    }
  });

  const actions = make('div', { class: 'actions' },
    make('label', { for: select.id, class: 'unseen' }, 'Other card'), select, change, portal, pay);
  const element = make('article', { class: 'customer', 'aria-labelledby': name.id },
    make('header', {}, avatar, make('div', {}, name, email), make('p', { class: 'badges' }, plan, status)),
    differs,
    make('dl', {}, access.element, paid.element, owed.element, next.element, onFile.element),
    actions, done, wrong, payments);

  const showCharges = whenChanged((all) => charges.replaceChildren(...chargeRows(all, act)));
  function update(customer) {
    const { record } = customer;
    const [words, tone] = status_of(record ?? customer);
    set(avatar, [...(customer.name ?? customer.email ?? '?')][0].toUpperCase());
    set(name, customer.name ?? customer.email ?? customer.id);
    set(email, customer.email ?? '');
    set(plan, (record ?? customer).plan ?? 'No plan');
    set(status, words);
    status.className = `badge ${tone}`;
    set(paid.value, money(customer.paid_cents));
    set(access.value, record?.access ? 'Yes' : 'No');
    set(access.later, record?.access_until ? `until ${date(record.access_until)}` : '');
    set(owed.value, customer.owed_cents ? money(customer.owed_cents) : 'Nothing');
    set(owed.later, customer.tried_again_s ? `tried again on ${date(customer.tried_again_s * 1000)}` : '');
    owed.value.className = customer.owed_cents ? 'owed' : '';
    set(next.value, customer.next_charge ? money(customer.next_charge.cents) : 'None');
    set(next.later, customer.next_charge ? `on ${date(customer.next_charge.at_s * 1000)}` : '');
    set(onFile.value, customer.card ? `•••• ${customer.card.last4}` : 'None');
    set(onFile.later, brands[customer.card?.brand] ?? customer.card?.brand ?? '');
    pay.hidden = !customer.owed_cents;
    actions.hidden = !customer.status;
    payments.hidden = customer.charges.length === 0;
    showCharges(customer.charges);
    set(differs, difference(customer));
    differs.hidden = !differs.textContent;
  }
  return { element, update };
}

const status_of = ({ status }) => statuses[status] ?? [status ?? 'No subscription', 'off'];

/** What Stripe says otherwise than Linky's record: news that is still on its way, or was lost. */
function difference(customer) {
  const { record, plan, status } = customer;
  if (!status) return '';
  if (!record) return 'Stripe has a subscription that is not on Linky’s record yet.';
  if (['plan', 'status', 'ends_with_period', 'paused'].every((name) => record[name] === customer[name])) return '';
  const says = [plan ?? 'no plan', status_of({ status })[0].toLowerCase()];
  if (record.ends_with_period !== customer.ends_with_period) {
    says.push(customer.ends_with_period ? 'ends with the period' : 'goes on after the period');
  }
  if (record.paused !== customer.paused) says.push(customer.paused ? 'paused' : 'not paused');
  return `On Linky’s record. Stripe says: ${says.join(', ')}.`;
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
