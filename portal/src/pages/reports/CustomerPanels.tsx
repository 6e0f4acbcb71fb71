import { churnOf, foundingOf, type Churn, type Founding } from '@/api/figures/customers';
import type { Period } from '@/api/figures/periods';
import { FigurePanel } from '@/ui/charts/FigurePanel';
import type { Figure } from '@/ui/charts/types';

const FOUNDING: readonly Figure<Founding & { period: Period }>[] = [
  { key: 'converted', label: 'Went on', unit: 'count', value: (it) => it.converted, ink: { hue: 'spruce', texture: 'solid' } },
  { key: 'left', label: 'Left', unit: 'count', value: (it) => it.left, ink: { hue: 'red', texture: 'stripes' } },
  { key: 'rate', label: 'Conversion', unit: 'rate', value: (it) => it.rate },
  { key: 'begun', label: 'Began', unit: 'count', value: (it) => it.begun },
];

const CHURN: readonly Figure<Churn & { period: Period }>[] = [
  { key: 'customers', label: 'Of customers', unit: 'rate', value: (it) => it.rate, ink: { hue: 'red', texture: 'solid' } },
  { key: 'mrr', label: 'Of MRR', unit: 'rate', value: (it) => it.mrr_rate, ink: { hue: 'amber', texture: 'stripes' } },
  { key: 'lost', label: 'Customers lost', unit: 'count', value: (it) => it.lost },
  { key: 'average', label: 'Customers, average', unit: 'count', isAside: true, value: (it) => it.customers },
  { key: 'lost mrr', label: 'MRR lost', unit: 'money', value: (it) => it.lost_cents },
  { key: 'average mrr', label: 'MRR, average', unit: 'money', isAside: true, value: (it) => it.mrr_cents },
];

interface Props {
  months: readonly Period[];
  currency: string;
  span: string;
}

/** Who stays and who leaves, by month. */
export function CustomerPanels({ months, currency, span }: Props) {
  const founding = months.map((period) => ({ period, ...foundingOf(period.days) }));
  const churn = months.map((period) => ({ period, ...churnOf(period.days, false) }));
  return (
    <>
      <FigurePanel title="Do founding members stay?" look="stack" rows={founding} figures={FOUNDING} currency={currency} fileName={`founding-${span}`}
        nothing="No founding membership ended in these months.">
        Founding Members who went on to another plan, and those whose subscription ended instead. Conversion is those who went on, of all who did one or the
        other in the month; who is still in the founding months is not counted yet.
      </FigurePanel>
      <FigurePanel title="How many customers leave?" look="bars" rows={churn} figures={CHURN} currency={currency} fileName={`churn-${span}`}
        nothing="Nobody left in these months.">
        Customers whose revenue ended in the month, of those with a subscription on an average day of it; and the revenue that ended, of the MRR of an average
        day. An average day, not the first one, as else months of growth would look worse than they were. Downgrades are not in it, and who came back is not
        taken off.
      </FigurePanel>
    </>
  );
}
