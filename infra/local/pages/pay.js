// The hosted checkout page: a plan, its price, and a choice of test cards.

import { watchActivity } from './activity.js';
import { ask, complain, every, find, grouped, make, money } from './page.js';

watchActivity();

const path = `/control/checkout/${encodeURIComponent(location.pathname.split('/').pop())}`;

function show(session) {
  document.title = `Pay ${money(session.amount_cents)} · Linky sandbox`;
  find('plan').textContent = `Subscribe to ${session.plan}`;
  find('amount').textContent = money(session.amount_cents);
  find('every').textContent = every(session.interval_months);
  find('terms').textContent = session.terms ?? '';
  if (session.status !== 'open') {
    complain(find('gone'), session.status === 'complete'
      ? 'This checkout has been paid already.'
      : 'This checkout has expired. Start another one on the control page.');
    return;
  }
  find('email').textContent = session.email ?? 'Given with the payment';
  find('submit').textContent = `Pay ${money(session.amount_cents)}`;
  find('cards').replaceChildren(...session.cards.map((card, at) => make('label', { class: 'test-card' },
    make('input', { type: 'radio', name: 'card', value: card.number, checked: at === 0 }),
    make('span', { class: 'card-number' }, grouped(card.number)),
    make('span', { class: 'faint' }, card.behaves))));
  find('pay').hidden = false;
}

find('pay').addEventListener('submit', async (event) => {
  event.preventDefault();
  complain(find('wrong'));
  find('submit').disabled = true;
  try {
    const card = new FormData(event.target).get('card');
    const session = await ask(path, { card });
    find('pay').hidden = true;
    find('done').hidden = false;
    find('done-words').textContent = `${money(session.amount_total)} charged to the card ending in ${card.slice(-4)}. Stripe is telling Linky.`;
  } catch (error) {
    complain(find('wrong'), error.message);
  }
  find('submit').disabled = false;
});

try {
  show(await ask(path));
} catch (error) {
  find('plan').textContent = 'There is nothing to pay here';
  complain(find('gone'), error.message);
}
