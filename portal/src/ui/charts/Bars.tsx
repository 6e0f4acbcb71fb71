import { Bar, BarChart, LabelList, Rectangle, ResponsiveContainer, Tooltip, type BarShapeProps } from 'recharts';
import { axes, HEIGHT, HOW, MARGIN, rowOf, stepsOf, type Step } from './axes';
import { figureText } from './formats';
import { line, useInks } from './Inks';
import { Legend } from './Legend';
import { Tip } from './Tip';
import type { ChartProps, Row } from './types';
import classes from './charts.module.css';

/** So few bars have room for what they are above them. */
const LABELLED_MAX = 13;

/** Legible where a limit goes through it. */
const LABEL = { position: 'top', fontSize: 12, fill: 'var(--text)', stroke: 'var(--surface)', strokeWidth: 3, style: { paintOrder: 'stroke' } } as const;

interface Props<R extends Row> extends ChartProps<R> {
  /** On top of each other, those below zero downwards; else side by side. */
  isStacked?: boolean;
}

/** Bars, step by step. The arrow keys go through the steps. */
export default function Bars<R extends Row>(props: Props<R>) {
  const { label, rows, figures, currency, isStock, isStacked = false } = props;
  const drawn = figures.filter(({ ink }) => ink !== undefined);
  const inking = useInks(drawn.flatMap(({ ink }) => ink ?? []));
  const steps = stepsOf({ rows, figures: drawn, isStock });
  const isLabelled = drawn.length === 1 && steps.length <= LABELLED_MAX;
  return (
    <>
      {inking.defs}
      <Legend figures={drawn} inking={inking} look="bar" steps={steps} limits={props.limits} />
      <div className={classes.chart}>
        <ResponsiveContainer width="100%" height={HEIGHT}>
          <BarChart data={steps} stackOffset="sign" margin={MARGIN} barCategoryGap="22%" barGap={2} accessibilityLayer aria-label={label} desc={HOW}>
            {axes(props, steps, isStacked)}
            <Tooltip isAnimationActive={false} cursor={{ fill: 'var(--surface-hover)', stroke: 'none' }} content={({ active, payload }) => (
              <Tip row={active ? rowOf(payload, rows) : undefined} figures={figures} currency={currency} inking={inking} look="bar" />
            )} />
            {drawn.map(({ key, ink, unit, label: name }) => ink && (
              <Bar key={key} name={name} dataKey={(step: Step) => step.values[key]} stackId={isStacked ? 'one' : undefined}
                fill={inking.fill(ink)} stroke={line(ink)} maxBarSize={44} isAnimationActive={false} shape={Shape}>
                {isLabelled && (
                  <LabelList {...LABEL} valueAccessor={({ payload }) => (payload as Step).values[key] ?? undefined}
                    formatter={(value) => (Number(value) === 0 ? '' : figureText(Number(value), unit, currency))} />
                )}
              </Bar>
            ))}
          </BarChart>
        </ResponsiveContainer>
      </div>
    </>
  );
}

/** What is not whole is paler, and its outline broken. */
function Shape(props: BarShapeProps) {
  const { isPart } = props.payload as Step;
  if (props.height === 0) return null;
  return <Rectangle {...props} radius={1.5} fillOpacity={isPart ? 0.45 : 1} strokeDasharray={isPart ? '3 2.5' : undefined} />;
}
