import { monthlyPayments, type MonthlyPayments } from '@/api/figures/payments';
import { share, type Period } from '@/api/figures/periods';
import { FigurePanel } from '@/ui/charts/FigurePanel';
import type { Figure, Limit } from '@/ui/charts/types';
import { PROGRAMMES } from '@/util/cardNetworks';
import { Networks } from './Networks';
import classes from './ReportsPage.module.css';

const RECOVERY: readonly Figure<MonthlyPayments>[] = [
  { key: 'failed', label: 'Failed', unit: 'count', value: (it) => it.failed.count, ink: { hue: 'amber', texture: 'stripes' } },
  { key: 'recovered', label: 'Paid after all', unit: 'count', value: (it) => it.recovered.count, ink: { hue: 'spruce', texture: 'solid' } },
  { key: 'rate', label: 'Recovered', unit: 'rate', value: (it) => it.recovery_rate },
  { key: 'failed cents', label: 'Failed, amount', unit: 'money', isAside: true, value: (it) => it.failed.cents },
  { key: 'recovered cents', label: 'Paid after all, amount', unit: 'money', isAside: true, value: (it) => it.recovered.cents },
];

const REFUNDS: readonly Figure<MonthlyPayments>[] = [
  { key: 'rate', label: 'Refund rate', unit: 'rate', value: (it) => it.refund_rate, ink: { hue: 'blue', texture: 'stripes' } },
  { key: 'refunds', label: 'Refunds', unit: 'count', value: (it) => it.refunds.count },
  { key: 'paid', label: 'Payments', unit: 'count', value: (it) => it.paid.count },
  { key: 'refunded', label: 'Refunded', unit: 'money', value: (it) => it.refunds.cents },
  { key: 'paid cents', label: 'Paid', unit: 'money', isAside: true, value: (it) => it.paid.cents },
  { key: 'rate cents', label: 'Rate by amount', unit: 'rate', isAside: true, value: (it) => share(it.refunds.cents, it.paid.cents) },
];

const CHARGEBACKS: readonly Figure<MonthlyPayments>[] = [
  { key: 'rate', label: 'Chargeback rate', unit: 'rate', value: (it) => it.dispute_rate, ink: { hue: 'violet', texture: 'solid' } },
  { key: 'late rate', label: 'By the month before', unit: 'rate', value: (it) => it.late_dispute_rate },
  { key: 'disputes', label: 'Chargebacks', unit: 'count', value: (it) => it.disputes.count },
  { key: 'paid', label: 'Payments', unit: 'count', value: (it) => it.paid.count },
  { key: 'disputed', label: 'Disputed', unit: 'money', isAside: true, value: (it) => it.disputes.cents },
];

/** The marks, each with who sets it. Those above the lowest are left out until that is reached, so that small rates can be told apart. */
function limitsOf(rows: readonly MonthlyPayments[]): Limit[] {
  const marks = [...new Set(PROGRAMMES.map(({ rate_min }) => rate_min))].sort((a, b) => a - b);
  const [lowest = 0] = marks;
  const isNear = rows.some(({ dispute_rate }) => (dispute_rate ?? 0) >= lowest);
  return marks.filter((mark) => mark === lowest || isNear).map((mark) => ({
    at: mark, label: `${PROGRAMMES.filter(({ rate_min }) => rate_min === mark).map(({ network }) => network).join(', ')}: ${String(mark * 100)}%`,
  }));
}

interface Props {
  /** From the month before those shown, whose payments are divided by. */
  months: readonly Period[];
  isShown: (month: Period) => boolean;
  currency: string;
  span: string;
}

/** What failed, what was given back, what was disputed, by month. */
export function PaymentPanels({ months, isShown, currency, span }: Props) {
  const rows = monthlyPayments(months).filter(({ period }) => isShown(period));
  const chart = { rows, currency };
  return (
    <>
      <FigurePanel title="Are failed payments recovered?" look="bars" {...chart} figures={RECOVERY} fileName={`recovery-${span}`}
        nothing="No payment failed in these months.">
        Invoices whose payment failed for the first time in the month, and invoices that were paid in it after a payment had failed. A failure of the end of
        a month is often recovered in the next one, so that a single month can be above 100%.
      </FigurePanel>
      <FigurePanel title="How much is refunded?" look="bars" {...chart} figures={REFUNDS} fileName={`refunds-${span}`}
        nothing="Nothing was refunded in these months.">
        Refunds made in the month, of the payments of the same month, by their number. The table has the amounts too: of other currencies than
        US dollars, here as everywhere, only the cases are counted.
      </FigurePanel>
      <div className={classes.wide}>
        <FigurePanel title="Chargebacks, and what card networks allow" look="bars" {...chart} figures={CHARGEBACKS} limits={limitsOf(rows)}
          fileName={`chargebacks-${span}`} beside={<Networks rows={rows} />}>
          Disputes that take money, opened in the month, of the payments of the same month, by their number. Inquiries are not among them. All cards are
          counted together, while each network looks at its own; Visa adds reports of fraud that never became a dispute. Take the rates as a warning: what
          counts is what the networks measure.
        </FigurePanel>
      </div>
    </>
  );
}
