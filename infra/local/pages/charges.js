// The payments on a customer's card: given back, disputed, and what became of that.

import { date, make, money } from './page.js';

const disputes = {
  needs_response: ['Disputed', 'bad'],
  under_review: ['Dispute under review', 'warn'],
  won: ['Dispute won', 'good'],
  lost: ['Dispute lost', 'bad'],
};

/** One row a payment. `act(button, path, body, words)` does what a button says. */
export function chargeRows(charges, act) {
  const button = (words, path, body, done) => {
    const element = make('button', { type: 'button', class: 'small' }, words);
    element.addEventListener('click', () => act(element, path, body, done));
    return element;
  };
  const badge = (words, tone) => make('span', { class: `badge ${tone}` }, words);
  return charges.map(({ id, created_s: created, cents, refunded_cents: refunded, refunds, dispute }) => {
    const left = cents - refunded;
    const open = dispute && !['won', 'lost'].includes(dispute.status);
    const actions = [];
    if (open) {
      const close = (end, done) => button(end === 'won' ? 'Win it' : 'Lose it', '/control/dispute/close', { dispute: dispute.id, end }, done);
      actions.push(close('won', 'The bank decided for Linky.'), close('lost', 'The bank decided for the cardholder.'));
    } else if (!dispute && left > 0) {
      actions.push(
        button(`Refund ${money(left)}`, '/control/refund', { charge: id }, `${money(left)} given back.`),
        button('Dispute', '/control/dispute', { charge: id }, `${money(left)} disputed as fraudulent.`));
    }
    for (const refund of refunds.filter((it) => it.status !== 'failed')) {
      actions.push(button(`Let the refund of ${money(refund.cents)} fail`, '/control/refund/fail', { refund: refund.id }, 'The refund failed after all.'));
    }
    return make('li', {},
      make('b', {}, money(cents)),
      make('span', { class: 'faint' }, date(created * 1000)),
      refunded ? badge(refunded === cents ? 'Refunded' : `${money(refunded)} refunded`, 'warn') : null,
      refunds.some((it) => it.status === 'failed') ? badge('Refund failed', 'bad') : null,
      dispute ? badge(...(disputes[dispute.status] ?? [dispute.status, 'off'])) : null,
      make('span', { class: 'actions' }, ...actions));
  });
}
