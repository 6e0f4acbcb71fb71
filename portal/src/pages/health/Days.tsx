import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { useMemo } from 'react';
import type { Health } from '@/api/types';
import { Panel } from '@/ui/Panel';
import { dayWords, shortDay } from '@/util/days';
import classes from './Days.module.css';

const SERIES = [
  { name: 'webhooks', label: 'Webhooks', color: 'spruce.6' },
  { name: 'refunds', label: 'Refunds', color: 'amber.5' },
  { name: 'disputes', label: 'Disputes', color: 'red.5' },
] as const;

/** What came in by day: a small chart for each, and the numbers themselves. */
export default function Days({ days }: { days: Health['days'] }) {
  const rows = useMemo(() => Object.entries(days).map(([day, counts]) => ({ day, ...counts })).sort((a, b) => a.day.localeCompare(b.day)), [days]);
  return (
    <Panel title="What came in by day">
      <div className={classes.charts}>
        {SERIES.map(({ name, label, color }) => (
          <figure key={name} className={classes.chart}>
            <figcaption>
              <span>{label}</span>{' '}
              <strong className="number">{rows.reduce((sum, row) => sum + row[name], 0).toLocaleString('en-US')}</strong>
            </figcaption>
            <div aria-hidden>
              <BarChart h={110} data={rows.map((row) => ({ ...row, day: shortDay(row.day) }))} dataKey="day" series={[{ name, label, color }]} gridAxis="none"
                withXAxis={false} withYAxis={false} barProps={{ maxBarSize: 22, radius: 2, isAnimationActive: false }} tooltipAnimationDuration={0}
                barChartProps={{ accessibilityLayer: false }} />
            </div>
            <div className={classes.span} aria-hidden>
              <span>{rows[0] && shortDay(rows[0].day)}</span>
              <span>{rows.length > 1 && shortDay(rows.at(-1)?.day ?? '')}</span>
            </div>
          </figure>
        ))}
      </div>
      <details className={classes.numbers}>
        <summary>As a table</summary>
        <table aria-label="What came in by day">
          <thead><tr><th scope="col">Day (UTC)</th>{SERIES.map(({ name, label }) => <th key={name} scope="col">{label}</th>)}</tr></thead>
          <tbody>
            {rows.toReversed().map((row) => (
              <tr key={row.day}><th scope="row">{dayWords(row.day)}</th>{SERIES.map(({ name }) => <td key={name}>{row[name].toLocaleString('en-US')}</td>)}</tr>
            ))}
          </tbody>
        </table>
      </details>
    </Panel>
  );
}
