// Numbers by what they are: for reading, for the axis, for a spreadsheet.

import { duration } from '@/util/days';
import { decimal, decimals, formatMoney } from '@/util/money';
import type { Unit } from './types';

const percent = new Intl.NumberFormat('en-US', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const smallPercent = new Intl.NumberFormat('en-US', { style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 });
const roundPercent = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** Of rates below it a tenth of a percent is much. */
const SMALL = 0.1;

export function figureText(value: number | null, unit: Unit, currency: string): string {
  if (value === null) return '–';
  switch (unit) {
    case 'money': return formatMoney({ amount_cents: Math.round(value), currency });
    case 'count': return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
    case 'rate': return value === 0 ? '0%' : (value < SMALL ? smallPercent : percent).format(value);
    case 'seconds': return duration(value);
  }
}

/** Short, for an axis: `$12.5K`. */
export function axisText(value: number, unit: Unit, currency: string): string {
  switch (unit) {
    case 'money': return new Intl.NumberFormat('en-US', {
      style: 'currency', currency: currency.toUpperCase(), currencyDisplay: 'narrowSymbol', notation: 'compact', maximumFractionDigits: 1,
      minimumFractionDigits: 0,
    }).format(value / 10 ** decimals(currency));
    case 'count': return compact.format(value);
    case 'rate': return roundPercent.format(value);
    case 'seconds': return duration(Math.round(value));
  }
}

/** A number that a spreadsheet reckons with; what it is of stands in the head: `MRR (USD)`. */
export function figureCell(value: number | null, unit: Unit, currency: string): number | null {
  if (value === null) return null;
  switch (unit) {
    case 'money': return Number(decimal({ amount_cents: Math.round(value), currency }));
    case 'rate': return Number((value * 100).toFixed(4));
    case 'count': return Number(value.toFixed(2));
    case 'seconds': return value;
  }
}

export function figureHead(label: string, unit: Unit, currency: string): string {
  const of = { money: currency.toUpperCase(), rate: '%', seconds: 's', count: null }[unit];
  return of === null ? label : `${label} (${of})`;
}
