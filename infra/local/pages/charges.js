// The payments on a customer's card: given back, inquired after, warned of, disputed, and what became of that.

import { date, make, money } from './page.js';

const disputes = {
  needs_response: ['Disputed', 'bad'],
  under_review: ['Dispute under review', 'warn'],
  won: ['Dispute won', 'good'],
  lost: ['Dispute lost', 'bad'],
  prevented: ['Dispute prevented', 'warn'],
  warning_needs_response: ['Inquiry', 'warn'],
  warning_under_review: ['Inquiry answered', 'warn'],
  warning_closed: ['Inquiry closed', 'good'],
};

/** What can be done about a dispute, by its status: the words on the button, the call, what it says more, and what is said then. */
const decide = [
  ['Win it', '/control/dispute/close', { end: 'won' }, 'The bank decided for Linky.'],
  ['Lose it', '/control/dispute/close', { end: 'lost' }, 'The bank decided for the cardholder.'],
];
const inquiry = [
  ['Escalate', '/control/inquiry/escalate', {}, 'The bank made a dispute of its inquiry.'],
  ['Close inquiry', '/control/inquiry/close', {}, 'The bank dropped its inquiry.'],
];
const decisions = {
  needs_response: decide, under_review: decide, warning_needs_response: inquiry, warning_under_review: inquiry,
};

const refundable = new Set([undefined, 'won', 'warning_needs_response', 'warning_under_review', 'warning_closed']);
const disputable = new Set([undefined, 'warning_closed']);

/** One row a payment. `act(button, path, body, words)` does what a button says. */
export function chargeRows(charges, act) {
  const button = (words, path, body, done) => {
    const element = make('button', { type: 'button', class: 'small' }, words);
    element.addEventListener('click', () => act(element, path, body, done));
    return element;
  };
  return charges.map((charge) => make('li', {},
    make('b', {}, money(charge.cents)),
    make('span', { class: 'faint' }, date(charge.created_s * 1000)),
    ...badges(charge),
    make('span', { class: 'actions' }, ...actions(charge, button))));
}

function badges({ cents, refunded_cents: refunded, refunds, dispute, warning }) {
  const badge = (words, tone) => make('span', { class: `badge ${tone}` }, words);
  return [
    refunded ? badge(refunded === cents ? 'Refunded' : `${money(refunded)} refunded`, 'warn') : null,
    refunds.some(pending) ? badge('Refund pending', 'warn') : null,
    refunds.some((it) => it.status === 'failed') ? badge('Refund failed', 'bad') : null,
    warning ? badge('Fraud warning', 'bad') : null,
    dispute ? badge(...(disputes[dispute.status] ?? [dispute.status, 'off'])) : null,
  ];
}

function actions({ id, cents, refunded_cents: refunded, refunds, dispute, warning }, button) {
  const left = cents - refunded;
  const all = [];
  for (const [words, path, more, done] of decisions[dispute?.status] ?? []) {
    all.push(button(words, path, { dispute: dispute.id, ...more }, done));
  }
  if (left > 0 && refundable.has(dispute?.status)) {
    all.push(
      button(`Refund ${money(left)}`, '/control/refund', { charge: id }, `${money(left)} given back.`),
      button('Refund, pending', '/control/refund', { charge: id, arrives: 'when_settled' }, `${money(left)} on the way back until it is settled.`));
  }
  if (left > 0 && disputable.has(dispute?.status)) {
    if (!warning) all.push(button('Warn of fraud', '/control/fraud-warning', { charge: id }, 'The issuer warned that this was fraud.'));
    all.push(
      button('Inquire', '/control/inquiry', { charge: id, reason: 'unrecognized' }, 'The bank asks what this payment is.'),
      button('Dispute', '/control/dispute', { charge: id }, `${money(left)} disputed as fraudulent.`));
  }
  for (const refund of refunds) {
    const of = `the refund of ${money(refund.cents)}`;
    if (pending(refund)) all.push(button(`Settle ${of}`, '/control/refund/settle', { refund: refund.id }, `The refund of ${money(refund.cents)} has arrived.`));
    if (pending(refund) || refund.status === 'succeeded') {
      all.push(button(`Let ${of} fail`, '/control/refund/fail', { refund: refund.id }, 'The refund failed after all.'));
    }
  }
  return all;
}

const pending = ({ status }) => status === 'pending' || status === 'requires_action';
