import type { Step } from './axes';
import { line, type Inking } from './Inks';
import type { Figure, Limit, Row } from './types';
import classes from './charts.module.css';

interface Props<R extends Row> {
  figures: readonly Figure<R>[];
  inking: Inking;
  look: 'bar' | 'line';
  steps: readonly Step[];
  limits: readonly Limit[] | undefined;
}

/** What each part of a chart is, in the order in which they stand. */
export function Legend<R extends Row>({ figures, inking, look, steps, limits = [] }: Props<R>) {
  const isPart = steps.some((step) => step.isPart);
  if (figures.length < 2 && !isPart && limits.length === 0) return null;
  return (
    <ul className={classes.legend}>
      {figures.length > 1 && figures.map(({ key, label, ink }, at) => (
        <li key={key}>{ink && <Swatch fill={inking.fill(ink)} stroke={line(ink)} look={look} at={at} />}{label}</li>
      ))}
      {limits.map(({ label }, place) => (
        <li key={label}>
          <svg width="22" height="12" aria-hidden><line x2="22" y1="6" y2="6" stroke="var(--bad)" strokeDasharray={limitDash(place)} /></svg>{label}
        </li>
      ))}
      {isPart && <li className={classes.quiet}><PartSwatch look={look} />{partWords(steps)}</li>}
    </ul>
  );
}

export function Swatch({ fill, stroke, look, at }: { fill: string; stroke: string; look: 'bar' | 'line'; at: number }) {
  if (look === 'bar') return <svg width="14" height="12" aria-hidden><rect x="0.5" y="0.5" width="13" height="11" rx="1.5" fill={fill} stroke={stroke} /></svg>;
  return (
    <svg width="22" height="12" aria-hidden>
      <line x1="0" x2="22" y1="6" y2="6" stroke={stroke} strokeWidth="2" strokeDasharray={dash(at)} />
      <Mark x={11} y={6} at={at} colour={stroke} isOpen={false} />
    </svg>
  );
}

/** The last step may not be over; the first one may begin before the days that are shown. */
function partWords(steps: readonly Step[]): string {
  const isOver = steps.at(-1)?.isPart !== true;
  const isCut = steps.slice(0, -1).some(({ isPart }) => isPart);
  return isOver ? 'In part' : isCut ? 'In part, or not over yet' : 'Not over yet';
}

function PartSwatch({ look }: { look: 'bar' | 'line' }) {
  return (
    <svg width="14" height="12" aria-hidden>
      {look === 'bar' ? <rect x="0.5" y="0.5" width="13" height="11" rx="1.5" fill="none" stroke="currentColor" strokeDasharray="2.5 2" />
        : <circle cx="7" cy="6" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.5" />}
    </svg>
  );
}

/** The first line is whole, those after it are broken. */
export const dash = (at: number) => (at === 0 ? undefined : `${String(7 - at)} 4`);

/** Limits are told apart by their dashes. */
export const limitDash = (place: number) => (place === 0 ? '6 4' : '2 3');

/** A point of a line: round on the first one, square on the second; hollow where it is not over. */
export function Mark({ x, y, at, colour, isOpen }: { x: number; y: number; at: number; colour: string; isOpen: boolean }) {
  const looks = { fill: isOpen ? 'var(--surface)' : colour, stroke: colour, strokeWidth: isOpen ? 1.75 : 1 };
  return at === 0 ? <circle cx={x} cy={y} r={3.5} {...looks} /> : <rect x={x - 3} y={y - 3} width={6} height={6} {...looks} />;
}
