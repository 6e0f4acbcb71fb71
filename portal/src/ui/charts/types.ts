import type { Period } from '@/api/figures/periods';

/** What a number is: how it is written, on the axis, in the table and in the file. */
export type Unit = 'money' | 'count' | 'rate' | 'seconds';

/** A colour and a texture. What stands in one chart differs by both, so that nobody needs the colour. */
export interface Ink {
  hue: 'spruce' | 'blue' | 'amber' | 'red' | 'violet' | 'gray';
  texture: 'solid' | 'stripes' | 'dots' | 'bars' | 'grid' | 'hollow';
}

export interface Row {
  period: Period;
}

/** One number of each period: a column of the table and of the file, and, with an ink, a part of the chart. */
export interface Figure<R extends Row> {
  key: string;
  label: string;
  unit: Unit;
  value: (row: R) => number | null;
  ink?: Ink;
  /** Not among the numbers that are shown where somebody points. */
  isAside?: boolean;
}

/** A line across the chart that is not to be reached. */
export interface Limit {
  at: number;
  label: string;
}

export interface ChartProps<R extends Row> {
  /** What it shows, for those who cannot see it. */
  label: string;
  rows: readonly R[];
  figures: readonly Figure<R>[];
  currency: string;
  limits?: readonly Limit[];
  /** How things stood at the end, to which it matters little whether all days are in it. */
  isStock?: boolean;
}
