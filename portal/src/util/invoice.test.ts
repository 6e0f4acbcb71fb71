import { describe, expect, it } from 'vitest';
import { partsOf } from './invoice';

const usd = (amount_cents: number) => ({ amount_cents, currency: 'usd' });
const lines = [{ text: 'Unused time on Prospector', amount: usd(-5000) }, { text: 'Remaining time on Networker', amount: usd(8107) }];
const parts = (more_lines: boolean, total: number, due: number) =>
  partsOf({ lines, more_lines, total: usd(total), due: usd(due) }).slice(2).map((part) => [part.text, part.amount.amount_cents]);

describe('what an invoice is made of', () => {
  it('is its lines, where they come to what was asked for', () => {
    expect(parts(false, 3107, 3107)).toEqual([]);
  });

  it('names what lies between its lines and what was asked for', () => {
    expect(parts(false, 2607, 2607)).toEqual([['Discounts and taxes', -500]]);
    expect(parts(true, 4107, 4107)).toEqual([['Further lines, discounts and taxes', 1000]]);
    expect(parts(false, 3107, 0)).toEqual([['Paid from the balance', -3107]]);
    expect(parts(false, 3107, 4107)).toEqual([['Owed from before', 1000]]);
    expect(parts(false, -1893, 0)).toEqual([['Discounts and taxes', -5000], ['Put to the balance', 1893]]);
  });

  it('is not told where no line is known', () => {
    expect(partsOf({ lines: [], more_lines: false, total: usd(7500), due: usd(7500) })).toEqual([]);
  });

  it('always comes to what was asked for', () => {
    for (const [total, due] of [[3107, 3107], [-200, 0], [5000, 1], [0, 0]] as const) {
      const sum = partsOf({ lines, more_lines: false, total: usd(total), due: usd(due) }).reduce((cents, part) => cents + part.amount.amount_cents, 0);
      expect(sum).toBe(due);
    }
  });
});
