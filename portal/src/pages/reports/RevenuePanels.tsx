import { planRow, customersOn, PLANS, type PlanRow } from '@/api/figures/customers';
import type { Period } from '@/api/figures/periods';
import { MOVEMENTS, revenueRow, type Movement, type RevenueRow } from '@/api/figures/revenue';
import { FigurePanel } from '@/ui/charts/FigurePanel';
import type { Figure, Ink } from '@/ui/charts/types';
import { planName } from '@/util/words';
import classes from './ReportsPage.module.css';

const MRR: readonly Figure<RevenueRow>[] = [
  { key: 'mrr', label: 'MRR at the end', unit: 'money', value: (it) => it.mrr_cents, ink: { hue: 'spruce', texture: 'solid' } },
  { key: 'net', label: 'Change', unit: 'money', value: (it) => it.net_cents },
];

const MOVEMENT_LOOKS: Readonly<Record<Movement, readonly [label: string, ink: Ink]>> = {
  new: ['New', { hue: 'spruce', texture: 'solid' }],
  upgrade: ['Upgrades', { hue: 'blue', texture: 'stripes' }],
  recovered: ['Recovered', { hue: 'violet', texture: 'dots' }],
  downgrade: ['Downgrades', { hue: 'amber', texture: 'stripes' }],
  churn: ['Churn', { hue: 'red', texture: 'solid' }],
};

const MOVED: readonly Figure<RevenueRow>[] = [
  ...MOVEMENTS.map((movement): Figure<RevenueRow> => {
    const [label, ink] = MOVEMENT_LOOKS[movement];
    return { key: movement, label, ink, unit: 'money', value: (it) => it.movements[movement].cents };
  }),
  { key: 'net', label: 'In all', unit: 'money', value: (it) => it.net_cents },
  ...MOVEMENTS.map((movement): Figure<RevenueRow> => (
    { key: `${movement} count`, label: `${MOVEMENT_LOOKS[movement][0]}, cases`, unit: 'count', isAside: true, value: (it) => it.movements[movement].count }
  )),
];

const PLAN_INKS: Readonly<Record<(typeof PLANS)[number], Ink>> = {
  founding_member: { hue: 'amber', texture: 'dots' },
  prospector: { hue: 'spruce', texture: 'solid' },
  networker: { hue: 'blue', texture: 'stripes' },
  rainmaker: { hue: 'violet', texture: 'grid' },
  unmapped: { hue: 'red', texture: 'hollow' },
};

/** The plans that somebody is on. */
function onPlans(rows: readonly PlanRow[]): Figure<PlanRow>[] {
  const held = PLANS.filter((plan) => plan !== 'unmapped' || rows.some(({ last }) => customersOn(last, plan) > 0));
  return [
    ...held.map((plan): Figure<PlanRow> => (
      { key: plan, label: planName(plan), unit: 'count', ink: PLAN_INKS[plan], value: ({ last }) => customersOn(last, plan) }
    )),
    { key: 'total', label: 'In all', unit: 'count', value: (it) => it.total },
    ...held.map((plan): Figure<PlanRow> => (
      { key: `${plan} mrr`, label: `MRR, ${planName(plan)}`, unit: 'money', isAside: true, value: ({ last }) => last.plans[plan]?.mrr_cents ?? 0 }
    )),
  ];
}

interface Props {
  periods: readonly Period[];
  currency: string;
  /** For the names of files. */
  span: string;
}

/** Revenue, by what it changes, and who brings it in. */
export function RevenuePanels({ periods, currency, span }: Props) {
  const rows = periods.map(revenueRow);
  const plans = periods.map(planRow);
  return (
    <>
      <div className={classes.wide}>
        <FigurePanel title="Monthly recurring revenue" look="area" rows={rows} figures={MRR} currency={currency} fileName={`mrr-${span}`}
          nothing="No subscription brought anything in.">
          What all subscriptions that are active or past due cost, brought to one month: a Founding Member’s $25 for three months count as $8.33. Trials and
          subscriptions that are unpaid, paused or not collected count as nothing. Taken at the end of each step.
        </FigurePanel>
      </div>
      <FigurePanel title="What changed monthly recurring revenue?" look="stack" rows={rows} figures={MOVED} currency={currency}
        fileName={`mrr-changes-${span}`} nothing="Nothing changed it.">
        New is the first revenue of a customer, recovered is revenue that came back after it was lost, churn is revenue that ended: cancelled, unpaid or paused.
        Upgrades and downgrades are more and less of one subscription; a Founding Member who goes on to Prospector is an upgrade. Added to the revenue
        before, they make the revenue after.
      </FigurePanel>
      <FigurePanel title="Customers by plan" look="stack" rows={plans} figures={onPlans(plans)} currency={currency} fileName={`customers-${span}`} isStock
        nothing="There were no customers.">
        Customers with a subscription that has not ended, at the end of each step. Those on trial, unpaid or paused are among them.
      </FigurePanel>
    </>
  );
}
