import { periodWords } from '@/api/figures/periods';
import { figureText } from './formats';
import { line, type Inking } from './Inks';
import { Swatch } from './Legend';
import type { ChartProps, Row } from './types';
import classes from './charts.module.css';

interface Props<R extends Row> extends Pick<ChartProps<R>, 'figures' | 'currency'> {
  row: R | undefined;
  inking: Inking;
  look: 'bar' | 'line';
}

/** The numbers where somebody points, or has gone to with the arrow keys: then they are read out as well. */
export function Tip<R extends Row>({ row, figures, currency, inking, look }: Props<R>) {
  const drawn = figures.filter(({ ink }) => ink !== undefined);
  return (
    <div className={classes.tip} role="status" aria-live="polite">
      {row && (
        <>
          <strong>{periodWords(row.period)}</strong>
          <dl>
            {figures.filter(({ isAside }) => isAside !== true).map(({ key, label, unit, value, ink }) => (
              <div key={key}>
                <dt>{ink && <Swatch fill={inking.fill(ink)} stroke={line(ink)} look={look} at={drawn.findIndex((it) => it.key === key)} />}{label}</dt>
                <dd className="number">{figureText(value(row), unit, currency)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </div>
  );
}
