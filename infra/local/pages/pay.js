// The hosted checkout page: a plan, its price, and a choice of test cards.

import { watchActivity } from './activity.js';
import { ask, askTo, complain, every, find, grouped, make, money } from './page.js';

watchActivity();

const path = `/control/checkout/${encodeURIComponent(location.pathname.split('/').pop())}`;

// What the page is headed by, by what its session is for.
const headings = {
  payment: ({ plan, quantity }) => `Pay for ${quantity > 1 ? `${quantity} × ` : ''}${plan}`,
  setup: () => 'Put a card on file',
  subscription: ({ plan }) => `Subscribe to ${plan}`,
};

function showCode({ takes_codes: takes, code, discount_cents: off }) {
  find('code-part').hidden = !takes;
  find('code').disabled = code != null;
  if (code != null) find('code').value = code;
  find('apply').hidden = code != null;
  find('remove').hidden = code == null;
  find('code-said').textContent = code == null ? '' : `${money(off)} off.`;
}

function show(session) {
  const { mode } = session;
  const pays = mode === 'setup' ? 'Save card' : `Pay ${money(session.amount_cents)}`;
  document.title = `${pays} · Linky sandbox`;
  find('plan').textContent = headings[mode](session);
  find('amount').textContent = mode === 'setup' ? '' : money(session.amount_cents);
  find('every').textContent = mode === 'subscription' ? every(session.interval_months) : '';
  showCode(session);
  find('terms').textContent = session.terms ?? '';
  if (session.status !== 'open') {
    complain(find('gone'), session.status === 'complete'
      ? 'This checkout has been paid already.'
      : 'This checkout has expired. Start another one on the control page.');
    return;
  }
  find('email').textContent = session.email ?? 'Given with the payment';
  find('submit').textContent = pays;
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
    const saved = session.mode === 'setup';
    const what = saved ? 'Put on file:' : `${money(session.amount_total)} charged to`;
    find('done-title').textContent = saved ? 'Saved' : 'Paid';
    find('done-words').textContent = `${what} the card ending in ${card.slice(-4)}. Stripe is telling Linky.`;
  } catch (error) {
    complain(find('wrong'), error.message);
  }
  find('submit').disabled = false;
});

/** Enters or takes off a code, and shows what is left to pay. */
async function changeCode(button, change) {
  complain(find('wrong'));
  button.disabled = true;
  try {
    await change();
    show(await ask(path));
  } catch (error) {
    complain(find('wrong'), error.message);
  }
  button.disabled = false;
}
find('apply').addEventListener('click', () => changeCode(find('apply'), () => ask(`${path}/code`, { code: find('code').value })));
find('remove').addEventListener('click', () => changeCode(find('remove'), () => askTo('DELETE', `${path}/code`)));

try {
  show(await ask(path));
} catch (error) {
  find('plan').textContent = 'There is nothing to pay here';
  complain(find('gone'), error.message);
}
