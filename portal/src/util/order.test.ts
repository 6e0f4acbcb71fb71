import { expect, it } from 'vitest';
import { orderSentence, orderWords } from './order';

const usd = (amount_cents: number) => ({ amount_cents, currency: 'usd' });

it('names the amount and the person', () => {
  const order = { operation: 'refund', amount: usd(31_070) };
  expect(orderWords(order)).toBe('Refund $310.70');
  expect(orderSentence(order, 'Ada Moss')).toBe('$310.70 goes back to Ada Moss.');
});

it('says what comes with a refund', () => {
  const order = { operation: 'refund', amount: usd(7_500), then_cancel: 'sub_1' };
  expect(orderWords(order)).toBe('Refund $75.00 and cancel');
  expect(orderSentence(order, 'Ada Moss')).toBe('$75.00 goes back to Ada Moss. Their subscription ends at once.');
});

it('says when a plan changes and what is charged for it', () => {
  const order = { operation: 'change_plan', from: 'prospector', to: 'networker', due_now: usd(3_500) };
  expect(orderSentence({ ...order, when: 'now' }, 'Ada')).toBe('Ada moves from Prospector to Networker now. $35.00 is charged at once.');
  expect(orderSentence({ ...order, when: 'period_end' }, 'Ada')).toBe('Ada moves from Prospector to Networker when the period ends.');
});

it('has words for what it does not know yet', () => {
  expect(orderWords({ operation: 'send_flowers' })).toBe('Send flowers');
  expect(orderSentence({ operation: 'send_flowers' }, 'Ada')).toBe('Send flowers for Ada.');
});
