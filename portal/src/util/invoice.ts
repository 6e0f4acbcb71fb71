// What an invoice is made of.

import type { Amount } from './money';

interface Made {
  lines: readonly { text: string; amount: Amount }[];
  more_lines: boolean;
  total: Amount;
  due: Amount;
}

export interface Part {
  text: string;
  amount: Amount;
}

/** The lines of an invoice, and what else there is between them and what was asked for. Together they come to that. None where no line is known. */
export function partsOf({ lines, more_lines, total, due }: Made): Part[] {
  if (lines.length === 0) return [];
  const { currency } = due;
  const sum = lines.reduce((cents, line) => cents + line.amount.amount_cents, 0);
  const part = (text: string, amount_cents: number): Part[] => (amount_cents === 0 ? [] : [{ text, amount: { amount_cents, currency } }]);
  const covered = due.amount_cents - total.amount_cents;
  return [
    ...lines,
    ...part(more_lines ? 'Further lines, discounts and taxes' : 'Discounts and taxes', total.amount_cents - sum),
    ...part(balanceWords(total.amount_cents, covered), covered),
  ];
}

function balanceWords(total: number, covered: number): string {
  if (covered < 0) return 'Paid from the balance';
  return total < 0 ? 'Put to the balance' : 'Owed from before';
}
