import { CartesianGrid, ReferenceLine, XAxis, YAxis } from 'recharts';
import { periodTick } from '@/api/figures/periods';
import { axisText } from './formats';
import { limitDash } from './Legend';
import { ticks } from './ticks';
import type { ChartProps, Row } from './types';

export const HEIGHT = 232;

/** Said to those who come to a chart by keys and do not see it. */
export const HOW = 'The arrow keys go through its steps.';

export const MARGIN = { top: 18, right: 8, bottom: 0, left: 0 };

/** A point stands at the very end, with its words around it. */
export const LINE_MARGIN = { ...MARGIN, right: 28 };

const TICK = { fill: 'var(--text-quiet)', fontSize: 12 };

/** A row as recharts takes it: flat, each drawn number under its key. */
export interface Step {
  at: number;
  tick: string;
  /** It is not over, or not all of its days are in it. */
  isPart: boolean;
  values: Readonly<Record<string, number | null>>;
}

export function stepsOf<R extends Row>({ rows, figures, isStock = false }: Pick<ChartProps<R>, 'rows' | 'figures' | 'isStock'>): Step[] {
  return rows.map((row, at) => ({
    at, tick: periodTick(row.period), isPart: row.period.isOpen || (row.period.isCut && !isStock),
    values: Object.fromEntries(figures.map(({ key, value }) => [key, value(row)])),
  }));
}

/** The row of the step that somebody points to. */
export function rowOf<R>(payload: readonly { payload?: unknown }[], rows: readonly R[]): R | undefined {
  const step = payload[0]?.payload as Step | undefined;
  return step && rows[step.at];
}

/** Room above a limit. */
const ABOVE_LIMIT = 1.2;

/** The lowest and the highest that is drawn; of stacks, their ends. */
function ends(steps: readonly Step[], isStacked: boolean): [low: number, high: number] {
  const numbers = steps.map(({ values }) => Object.values(values).filter((it) => it !== null));
  const sum = (of: readonly number[]) => of.reduce((total, it) => total + it, 0);
  const lows = numbers.map((all) => (isStacked ? sum(all.filter((it) => it < 0)) : Math.min(0, ...all)));
  const highs = numbers.map((all) => (isStacked ? sum(all.filter((it) => it > 0)) : Math.max(0, ...all)));
  return [Math.min(0, ...lows), Math.max(0, ...highs)];
}

/** Grid, axes and limits: elements, as recharts looks for them among a chart's children. */
export function axes<R extends Row>({ figures, currency, limits = [] }: ChartProps<R>, steps: readonly Step[], isStacked = false) {
  const unit = figures.find(({ ink }) => ink !== undefined)?.unit ?? 'count';
  const [low, high] = ends(steps, isStacked);
  const marks = ticks(low, Math.max(high, ...limits.map(({ at }) => at * ABOVE_LIMIT)), unit);
  return (
    <>
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis dataKey="at" tickFormatter={(at: number) => steps[at]?.tick ?? ''} tick={TICK} tickLine={false} axisLine={{ stroke: 'var(--line-strong)' }}
        interval="equidistantPreserveStart" minTickGap={10} />
      <YAxis width="auto" tick={TICK} tickLine={false} axisLine={false} ticks={marks} domain={[marks[0] ?? 0, marks.at(-1) ?? 0]}
        tickFormatter={(value: number) => axisText(value, unit, currency)} />
      <ReferenceLine y={0} stroke="var(--line-strong)" />
      {limits.map(({ at, label }, place) => <ReferenceLine key={label} y={at} stroke="var(--bad)" strokeDasharray={limitDash(place)} />)}
    </>
  );
}
