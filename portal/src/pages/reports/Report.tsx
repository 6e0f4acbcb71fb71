import { memo } from 'react';
import { comparedTo, headlinesOf } from '@/api/figures/headlines';
import { periodsOf, within, type Period } from '@/api/figures/periods';
import type { ReportDay } from '@/api/types';
import { EmptyState } from '@/ui/states/EmptyState';
import { dayWords } from '@/util/days';
import { monthStart, rangeWords } from '@/util/range';
import { clock } from '@/util/time';
import { CustomerPanels } from './CustomerPanels';
import { Headlines } from './Headlines';
import { PaymentPanels } from './PaymentPanels';
import { RevenuePanels } from './RevenuePanels';
import type { Shown } from './search';
import { WebhookPanels } from './WebhookPanels';
import classes from './ReportsPage.module.css';

interface Props {
  /** Those of the months before the range too. */
  days: readonly ReportDay[];
  /** Undefined while they are on their way. */
  before: readonly ReportDay[] | undefined;
  shown: Shown;
}

/** The figures of a range, on top in one number each, then step by step. Drawn anew only where they are others: ten charts are a lot to draw. */
export const Report = memo(function Report({ days, before, shown: { range, before: rangeOfBefore, grain } }: Props) {
  const counted = within(days, range);
  const [first, last] = [counted[0], counted.at(-1)];
  if (!first || !last) return <EmptyState title="Nothing was counted in these days">Figures are counted every hour from what Stripe tells.</EmptyState>;
  const compared = before && comparedTo(before, rangeOfBefore);
  const periods = periodsOf(counted, grain);
  const months = periodsOf(days, 'month');
  const isShown = (month: Period) => month.from >= monthStart(range.from);
  const { currency } = last;
  const span = `${range.from}-to-${range.to}`;
  const notes = [
    compared === null ? `The days before, ${rangeWords(rangeOfBefore)}, were not all counted, so that there is nothing to compare with.`
      : compared && `Compared with ${rangeWords(rangeOfBefore)}.`,
    first.day > range.from && `Counting began on ${dayWords(first.day)}.`,
    !last.closed && `${dayWords(last.day)} is counted until ${clock(last.counted_until, 'UTC')} UTC so far.`,
  ];
  return (
    <>
      <Headlines now={headlinesOf(counted)} before={compared} currency={currency} />
      <p className={classes.note}>{notes.filter(Boolean).join(' ')}</p>
      <div className={classes.panels}>
        <RevenuePanels periods={periods} currency={currency} span={span} />
        <CustomerPanels months={months.filter(isShown)} currency={currency} span={span} />
        <PaymentPanels months={months} isShown={isShown} currency={currency} span={span} />
        <WebhookPanels periods={periods} currency={currency} span={span} />
      </div>
    </>
  );
});
