import { GRAINS, type Grain } from '@/api/figures/periods';
import { useCommands } from '@/ui/commands/registry';
import { LinkTabs } from '@/ui/LinkTabs';
import { PRESETS, USUAL, type Preset } from '@/util/presets';
import { CustomRange } from './CustomRange';
import type { ReportsSearch, Shown } from './search';
import classes from './ReportsPage.module.css';

const GRAIN_WORDS: Readonly<Record<Grain, string>> = { day: 'Daily', week: 'Weekly', month: 'Monthly' };

interface Props {
  search: ReportsSearch;
  shown: Shown;
  today: string;
  set: (search: ReportsSearch) => void;
}

/** Which days, and in which steps. */
export function RangeBar({ search, shown, today, set }: Props) {
  const { by } = search;
  const presets = Object.entries(PRESETS) as [Preset, string][];
  const named = (preset: Preset) => ({ range: preset === USUAL ? undefined : preset });
  useCommands(presets.map(([preset, label]) => ({
    id: `report ${preset}`, label: `Report of: ${label.toLowerCase()}`, group: 'On this page', words: 'range period',
    run: () => { set({ ...named(preset), by }); },
  })));
  return (
    <div className={classes.bar}>
      <div className={classes.slide}>
        <LinkTabs look="pills" label="Days shown" tabs={presets.map(([preset, label]) => ({
          label, to: '/reports', search: { ...named(preset), by }, isActive: shown.preset === preset,
        }))} />
      </div>
      <CustomRange shown={shown} today={today} set={(range) => { set({ ...range, by }); }} />
      <div className={classes.grain}>
        <LinkTabs look="pills" label="Steps of the charts" tabs={GRAINS.map((grain) => ({
          label: GRAIN_WORDS[grain], to: '/reports', search: { ...search, by: grain }, isActive: shown.grain === grain,
        }))} />
      </div>
    </div>
  );
}
