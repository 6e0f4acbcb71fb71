// Which days are shown, and in which steps: it stands in the address, so that it can be kept, shared and gone back to.

import { GRAINS, usualGrain, type Grain } from '@/api/figures/periods';
import { utcDayOf } from '@/util/days';
import { PRESETS, presetRange, USUAL, type Preset } from '@/util/presets';
import { rangeBefore, rangeFault, type Range } from '@/util/range';

export interface ReportsSearch {
  range?: Preset;
  /** Days of one's own go before a range with a name. */
  from?: string;
  to?: string;
  by?: Grain;
}

export function readReportsSearch(search: Record<string, unknown>): ReportsSearch {
  const [from, to] = [utcDayOf(search.from), utcDayOf(search.to)];
  const by = GRAINS.find((it) => it === search.by);
  if (from !== undefined && to !== undefined) return { from, to, by };
  return { range: (Object.keys(PRESETS) as Preset[]).find((it) => it === search.range), by };
}

export interface Shown {
  range: Range;
  before: Range;
  grain: Grain;
  /** Null where the days are one's own. */
  preset: Preset | null;
}

/** What an address shows today. Days that cannot be shown give way to the usual ones. */
export function shownBy({ range: named = USUAL, from, to, by }: ReportsSearch, today: string): Shown {
  const own = from !== undefined && to !== undefined && rangeFault(from, to, today) === null ? { from, to } : null;
  const range = own ?? presetRange(named, today);
  return { range, before: rangeBefore(range), grain: by ?? usualGrain(range), preset: own === null ? named : null };
}
