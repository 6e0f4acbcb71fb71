import { describe, expect, it } from 'vitest';
import { decimal, formatMoney, parseAmount } from './money';

const usd = (amount_cents: number) => ({ amount_cents, currency: 'usd' });

describe('money', () => {
  it.each([
    [0, '$0.00', '0.00'], [1, '$0.01', '0.01'], [-5, '-$0.05', '-0.05'], [3107, '$31.07', '31.07'], [-103107, '-$1,031.07', '-1031.07'],
    [Number.MAX_SAFE_INTEGER, '$90,071,992,547,409.91', '90071992547409.91'],
  ])('writes %i cents exactly', (cents, shown, digits) => {
    expect(formatMoney(usd(cents))).toBe(shown);
    expect(decimal(usd(cents))).toBe(digits);
  });

  it('counts in the minor units of each currency', () => {
    expect(formatMoney({ amount_cents: 1200, currency: 'jpy' })).toBe('¥1,200');
    expect(formatMoney({ amount_cents: 1234, currency: 'kwd' }).replace(/\s/, ' ')).toBe('KWD 1.234');
    expect(decimal({ amount_cents: 5, currency: 'kwd' })).toBe('0.005');
  });

  it.each([
    ['31', 3100], ['31.07', 3107], ['31.7', 3170], ['$1,031.07', 103107], [' 5 ', 500], ['0', 0],
    ['', null], ['31.077', null], ['-5', null], ['1,03', null], ['5.', null], ['1e3', null], ['five', null],
  ])('reads %j as %j cents', (text, cents) => {
    expect(parseAmount(text, 'usd')).toBe(cents);
  });

  it('takes no fraction of a yen', () => {
    expect(parseAmount('1200', 'jpy')).toBe(1200);
    expect(parseAmount('12.5', 'jpy')).toBeNull();
  });
});
