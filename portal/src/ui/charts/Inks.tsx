import { useId } from 'react';
import type { Ink } from './types';
import classes from './charts.module.css';

/** What an ink is called by in a chart: as the fill of a shape, and as its outline. */
export interface Inking {
  defs: React.ReactNode;
  fill: (ink: Ink) => string;
}

export const line = ({ hue }: Ink) => `var(--ink-${hue})`;

/** The textures that a chart and its legend use, under names that no other chart has. */
export function useInks(inks: readonly Ink[]): Inking {
  const prefix = useId().replaceAll(/\W/g, '');
  const name = ({ hue, texture }: Ink) => `${prefix}-${hue}-${texture}`;
  const defs = (
    <svg className={classes.defs} width="0" height="0" aria-hidden focusable="false">
      <defs>{inks.filter(({ texture }) => texture !== 'solid').map((ink) => <Texture key={name(ink)} id={name(ink)} ink={ink} />)}</defs>
    </svg>
  );
  return { defs, fill: (ink) => (ink.texture === 'solid' ? line(ink) : `url(#${name(ink)})`) };
}

function Texture({ id, ink }: { id: string; ink: Ink }) {
  const { hue, texture } = ink;
  const colour = line(ink);
  return (
    <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform={texture === 'stripes' ? 'rotate(45)' : undefined}>
      <rect width="6" height="6" fill={texture === 'hollow' ? 'var(--surface)' : `var(--ink-${hue}-soft)`} />
      {texture === 'dots' && <><circle cx="1.5" cy="1.5" r="1" fill={colour} /><circle cx="4.5" cy="4.5" r="1" fill={colour} /></>}
      {texture === 'stripes' && <rect width="2.5" height="6" fill={colour} />}
      {(texture === 'bars' || texture === 'grid') && <rect width="6" height="1.5" fill={colour} />}
      {texture === 'grid' && <rect width="1.5" height="6" fill={colour} />}
    </pattern>
  );
}
