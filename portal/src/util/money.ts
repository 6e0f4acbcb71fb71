// Amounts: whole minor units of a currency, never a float.

export interface Amount {
  amount_cents: number;
  currency: string;
}

/** Digits after the point where they are not two. The same list as the server's: https://docs.stripe.com/currencies */
const DECIMALS: Readonly<Record<string, number>> = {
  bif: 0, clp: 0, djf: 0, gnf: 0, jpy: 0, kmf: 0, krw: 0, mga: 0, pyg: 0, rwf: 0, vnd: 0, vuv: 0, xaf: 0, xof: 0, xpf: 0,
  bhd: 3, jod: 3, kwd: 3, omr: 3, tnd: 3,
};

export function decimals(currency: string): number {
  return DECIMALS[currency.toLowerCase()] ?? 2;
}

/** `-31.07` for -3107 cents: digits and a point, for files and form fields. */
export function decimal({ amount_cents, currency }: Amount): string {
  const digits = decimals(currency);
  const text = String(Math.abs(amount_cents)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const sign = amount_cents < 0 ? '-' : '';
  return digits === 0 ? sign + whole : `${sign}${whole}.${text.slice(-digits)}`;
}

/** `$1,031.07`, `-$5.00`, `€12.00`, `CHF 12.00`. */
export function formatMoney(amount: Amount): string {
  const digits = decimals(amount.currency);
  return new Intl.NumberFormat('en-US', {
    style: 'currency', currency: amount.currency.toUpperCase(), currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits, maximumFractionDigits: digits,
  }).format(decimal(amount) as Intl.StringNumericLiteral);
}

/** What somebody typed as an amount, in minor units; null where it is none. Takes `31`, `31.07`, `1,031.07`, `$31.07`. */
export function parseAmount(text: string, currency: string): number | null {
  const digits = decimals(currency);
  const match = /^\$?(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(\d{1,3}))?$/.exec(text.trim());
  if (!match) return null;
  const [, whole = '', fraction = ''] = match;
  if (fraction.length > digits) return null;
  const cents = Number(whole.replaceAll(',', '') + fraction.padEnd(digits, '0'));
  return Number.isSafeInteger(cents) ? cents : null;
}
