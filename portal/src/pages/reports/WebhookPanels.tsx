import type { Period } from '@/api/figures/periods';
import { webhookRow, type WebhookRow } from '@/api/figures/webhooks';
import { FigurePanel } from '@/ui/charts/FigurePanel';
import type { Figure, Ink } from '@/ui/charts/types';
import { statusWords } from '@/util/words';

const INKS: Readonly<Record<keyof WebhookRow['answers'], Ink>> = {
  applied: { hue: 'spruce', texture: 'solid' },
  ignored: { hue: 'gray', texture: 'bars' },
  stale: { hue: 'amber', texture: 'dots' },
  duplicate: { hue: 'blue', texture: 'stripes' },
  pending: { hue: 'violet', texture: 'grid' },
  other: { hue: 'red', texture: 'solid' },
};

const ANSWERS = (Object.entries(INKS) as [keyof WebhookRow['answers'], Ink][]).map(([answer, ink]): Figure<WebhookRow> => (
  { key: answer, label: answer === 'other' ? 'Not taken' : statusWords('event', answer)[0], unit: 'count', ink, value: (it) => it.answers[answer] }
));

const LAGS: readonly Figure<WebhookRow>[] = [
  { key: 'usual', label: 'Half of them, on an ordinary day', unit: 'seconds', value: (it) => it.usual_lag_s, ink: { hue: 'spruce', texture: 'solid' } },
  { key: 'worst', label: '95 of 100, on the slowest day', unit: 'seconds', value: (it) => it.worst_lag_s, ink: { hue: 'amber', texture: 'stripes' } },
  { key: 'deliveries', label: 'Deliveries', unit: 'count', value: (it) => it.deliveries },
];

interface Props {
  periods: readonly Period[];
  currency: string;
  span: string;
}

/** How Stripe's webhooks did. */
export function WebhookPanels({ periods, currency, span }: Props) {
  const rows = periods.map(webhookRow);
  const chart = { rows, currency };
  const answers = ANSWERS.filter(({ value }) => rows.some((row) => value(row) !== 0));
  const total: Figure<WebhookRow> = { key: 'deliveries', label: 'In all', unit: 'count', value: (it) => it.deliveries };
  return (
    <>
      <FigurePanel title="What became of webhooks?" look="stack" {...chart} figures={[...answers, total]} fileName={`webhooks-${span}`}
        nothing="No webhook came in.">
        Each delivery by Stripe, repeated ones included. Applied changed the record; ignored, stale and duplicate had nothing to change; pending was kept, to be
        settled within minutes; not taken is anything else, to be looked at under Health.
      </FigurePanel>
      <FigurePanel title="How long are webhooks on their way?" look="line" {...chart} figures={LAGS} fileName={`webhook-lag-${span}`}
        nothing="No webhook came in.">
        From the making of an event at Stripe to its coming in here, in whole seconds. Of weeks and months: the middle one of the days’ medians, and the highest
        of the days’ 95th percentiles.
      </FigurePanel>
    </>
  );
}
