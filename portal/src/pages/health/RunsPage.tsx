import { useQuery } from '@tanstack/react-query';
import { runsQuery } from '@/api/health';
import type { Run } from '@/api/types';
import { EmptyState } from '@/ui/states/EmptyState';
import { DataTable } from '@/ui/table/DataTable';
import type { Column } from '@/ui/table/types';
import { When } from '@/ui/When';
import { dayWords } from '@/util/days';
import { HealthHead } from './HealthHead';
import { RunState } from './RunState';

const number = (of: (run: Run) => number) => function NumberCell(run: Run) {
  return <span className="number">{of(run).toLocaleString('en-US')}</span>;
};

const COLUMNS: readonly Column<Run>[] = [
  { key: 'day', header: 'Night', isName: true, cell: (it) => dayWords(it.day) },
  { key: 'state', header: 'State', cell: (it) => <RunState run={it} /> },
  { key: 'started', header: 'Began', foldBelow: 'md', cell: (it) => <When at={it.started_at} as="time" /> },
  { key: 'seen', header: 'Events looked at', align: 'right', foldBelow: 'lg', cell: number((it) => it.counts.events_seen) },
  { key: 'missed', header: 'Missed, taken in', align: 'right', foldBelow: 'sm', cell: number((it) => it.counts.events_taken_in) },
  { key: 'compared', header: 'Objects compared', align: 'right', foldBelow: 'lg', cell: number((it) => it.counts.objects_compared) },
  { key: 'differences', header: 'Differences', align: 'right', cell: number((it) => it.counts.differences) },
  { key: 'repairs', header: 'Repaired', align: 'right', foldBelow: 'sm', cell: number((it) => it.counts.repairs) },
];

export function RunsPage() {
  const { data, error, refetch } = useQuery(runsQuery);
  return (
    <>
      <HealthHead title="Nightly runs">
        Each night the record is held against Stripe: what was missed is taken in, what differs is repaired.
      </HealthHead>
      <DataTable label="Nightly runs" columns={COLUMNS} rows={data?.runs} rowKey={(it) => it.day} rowTo={(it) => `/health/runs/${it.day}`} error={error}
        onRetry={refetch} unit="run" empty={<EmptyState title="There was no run yet">The first one is at two in the night, UTC.</EmptyState>} />
    </>
  );
}
