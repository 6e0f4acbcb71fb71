import { Area, ComposedChart, Line, ResponsiveContainer, Tooltip, type DotItemDotProps } from 'recharts';
import { axes, HEIGHT, HOW, LINE_MARGIN, rowOf, stepsOf, type Step } from './axes';
import { line, useInks } from './Inks';
import { dash, Legend, Mark } from './Legend';
import { Tip } from './Tip';
import type { ChartProps, Row } from './types';
import classes from './charts.module.css';

/** More points than this would be a chain; then only the one that is not over is marked. */
const MARKED_MAX = 40;

interface Props<R extends Row> extends ChartProps<R> {
  /** With the room below the line filled. */
  isFilled?: boolean;
}

/** Lines, step by step. The arrow keys go through the steps. */
export default function Lines<R extends Row>(props: Props<R>) {
  const { label, rows, figures, currency, isFilled = false } = props;
  const drawn = figures.filter(({ ink }) => ink !== undefined);
  const inking = useInks(drawn.flatMap(({ ink }) => ink ?? []));
  const steps = stepsOf({ rows, figures: drawn, isStock: true });
  return (
    <>
      {inking.defs}
      <Legend figures={drawn} inking={inking} look="line" steps={steps} limits={props.limits} />
      <div className={classes.chart}>
        <ResponsiveContainer width="100%" height={HEIGHT}>
          <ComposedChart data={steps} margin={LINE_MARGIN} accessibilityLayer aria-label={label} desc={HOW}>
            {axes(props, steps)}
            <Tooltip isAnimationActive={false} cursor={{ stroke: 'var(--line-strong)' }} content={({ active, payload }) => (
              <Tip row={active ? rowOf(payload, rows) : undefined} figures={figures} currency={currency} inking={inking} look="line" />
            )} />
            {drawn.map(({ key, ink, label: name }, at) => {
              if (!ink) return null;
              const looks = { stroke: line(ink), strokeWidth: 2, strokeDasharray: dash(at), isAnimationActive: false, type: 'linear', name } as const;
              const value = (step: Step) => step.values[key];
              const isMarked = steps.length <= MARKED_MAX;
              const dot = (point: DotItemDotProps) => <Point key={point.index} point={point} at={at} colour={line(ink)} isMarked={isMarked} />;
              return isFilled ? <Area key={key} dataKey={value} {...looks} fill={`var(--ink-${ink.hue}-soft)`} fillOpacity={1} dot={dot} />
                : <Line key={key} dataKey={value} {...looks} dot={dot} connectNulls />;
            })}
          </ComposedChart>
        </ResponsiveContainer>
      </div>
    </>
  );
}

function Point({ point, at, colour, isMarked }: { point: DotItemDotProps; at: number; colour: string; isMarked: boolean }) {
  const { cx, cy } = point;
  const { isPart } = point.payload as Step;
  if (cx === undefined || cy === undefined || (!isMarked && !isPart)) return null;
  return <Mark x={cx} y={cy} at={at} colour={colour} isOpen={isPart} />;
}
