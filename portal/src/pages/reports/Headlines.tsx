import { IconArrowDownRight, IconArrowUpRight } from '@tabler/icons-react';
import { changeOf, type Better, type Headlines as Values } from '@/api/figures/headlines';
import { figureText } from '@/ui/charts/formats';
import type { Unit } from '@/ui/charts/types';
import { duration } from '@/util/days';
import classes from './Headlines.module.css';

interface Headline {
  key: keyof Values;
  label: string;
  unit: Unit;
  better: Better;
}

const HEADLINES: readonly Headline[] = [
  { key: 'mrr_cents', label: 'MRR', unit: 'money', better: 'more' },
  { key: 'customers', label: 'Customers', unit: 'count', better: 'more' },
  { key: 'founding_rate', label: 'Founding members who stay', unit: 'rate', better: 'more' },
  { key: 'churn_rate', label: 'Customer churn a month', unit: 'rate', better: 'less' },
  { key: 'mrr_churn_rate', label: 'Revenue churn a month', unit: 'rate', better: 'less' },
  { key: 'paid_cents', label: 'Paid', unit: 'money', better: 'more' },
  { key: 'refund_rate', label: 'Refund rate', unit: 'rate', better: 'less' },
  { key: 'dispute_rate', label: 'Chargeback rate', unit: 'rate', better: 'less' },
  { key: 'recovery_rate', label: 'Failed payments recovered', unit: 'rate', better: 'more' },
  { key: 'lag_s', label: 'Webhook delay', unit: 'seconds', better: 'less' },
];

interface Props {
  now: Values;
  /** Undefined while it is on its way, null where there is nothing of it. */
  before: Values | null | undefined;
  currency: string;
}

/** What the days come to, and how that is against those before them. */
export function Headlines({ now, before, currency }: Props) {
  return (
    <dl className={classes.headlines} aria-label="What these days come to">
      {HEADLINES.map((it) => (
        <div key={it.key} className={classes.headline}>
          <dt>{it.label}</dt>
          <dd className={classes.value}>{figureText(now[it.key], it.unit, currency)}</dd>
          {before !== null && (
            <dd className={classes.change}>{before === undefined ? '\u00a0' : <ChangeWords of={it} now={now[it.key]} before={before[it.key]} />}</dd>
          )}
        </div>
      ))}
    </dl>
  );
}

function ChangeWords({ of: { unit, better }, now, before }: { of: Headline; now: number | null; before: number | null }) {
  const isOwn = unit === 'rate' || unit === 'seconds';
  const change = changeOf(before, now, isOwn);
  if (change === null) return <span className={classes.none}>Nothing to compare with</span>;
  const tenths = Math.round(change.by * (unit === 'seconds' ? 10 : 1_000)) / 10;
  if (tenths === 0) return <span className={classes.none}>The same as before</span>;
  // Of more than twice as much, a tenth of a percent says nothing.
  const digits = tenths.toLocaleString('en-US', tenths < 100 ? { minimumFractionDigits: 1 } : { maximumFractionDigits: 0 });
  const by = unit === 'rate' ? `${digits} points` : unit === 'seconds' ? duration(change.by) : `${digits}%`;
  const Arrow = change.direction === 'more' ? IconArrowUpRight : IconArrowDownRight;
  return (
    <span className={classes.changed} data-good={change.direction === better}>
      <Arrow size={14} aria-hidden />{by} {change.direction}
    </span>
  );
}
