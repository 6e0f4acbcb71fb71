// What the card networks allow of chargebacks. A merchant above both marks of a programme pays fees, and loses cards in the end.

/** The day on which these values were last held against what the networks publish. */
export const CHECKED_ON = '2026-11-26';

export interface Programme {
  network: 'Visa' | 'Mastercard';
  name: string;
  /** Both are reached before a merchant is in it. */
  rate_min: number;
  cases_min: number;
  /** The month whose payments the chargebacks of a month are divided by. */
  payments_of: 'same month' | 'month before';
  since: string;
}

/**
 * Visa counts reports of fraud (TC40) together with chargebacks (TC15), by settled payments without the card at hand, in the same month:
 * Visa Acquirer Monitoring Program fact sheet. Until 31 March 2026 the rate was 2.2 % in the United States, Canada, Europe and Asia Pacific.
 * Mastercard divides by the payments of the month before: Security Rules and Procedures, Excessive Chargeback Program.
 */
export const PROGRAMMES: readonly Programme[] = [
  { network: 'Visa', name: 'VAMP, excessive', rate_min: 0.015, cases_min: 1_500, payments_of: 'same month', since: '2026-04-01' },
  { network: 'Mastercard', name: 'ECM, excessive', rate_min: 0.015, cases_min: 100, payments_of: 'month before', since: '2019-10-01' },
  { network: 'Mastercard', name: 'HECM, high excessive', rate_min: 0.03, cases_min: 300, payments_of: 'month before', since: '2019-10-01' },
];
