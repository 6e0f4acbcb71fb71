import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { healthQuery } from '@/api/glance';
import type { HealthPart } from '@/api/types';
import { EmptyState } from '@/ui/states/EmptyState';
import { LoadingRows } from '@/ui/states/Loading';
import { Panel } from '@/ui/Panel';
import { ServerWords } from '@/ui/ServerWords';
import { Badge, Status } from '@/ui/Status';
import { DataTable } from '@/ui/table/DataTable';
import type { Column } from '@/ui/table/types';
import { When } from '@/ui/When';
import { sentenceCase } from '@/util/words';
import { HealthHead } from './HealthHead';
import classes from './Health.module.css';

// The charts are by far the largest part of this page.
const Days = lazy(() => import('./Days'));

const upperFirst = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

const COLUMNS: readonly Column<HealthPart>[] = [
  { key: 'name', header: 'Part', isName: true, cell: (it) => <strong className={classes.part}>{sentenceCase(it.name)}</strong> },
  { key: 'state', header: 'State', cell: (it) => <Status kind="health" word={it.state} /> },
  {
    key: 'reason', header: 'What was measured', foldBelow: 'sm', isPlain: true,
    cell: (it) => <ServerWords>{upperFirst(it.reason)}</ServerWords>,
  },
  {
    key: 'to_do', header: 'What to do', foldBelow: 'md', isEmpty: (it) => it.to_do === undefined,
    cell: (it) => it.to_do ?? <span className={classes.quiet}>Nothing</span>,
  },
];

/** What is wrong comes first. */
const WORST_FIRST: readonly string[] = ['failing', 'degraded', 'ok'];

export function PartsPage() {
  const { data, error, refetch } = useQuery(healthQuery);
  const report = data?.report;
  const parts = report?.parts.toSorted((a, b) => WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state));
  const beside = report && (data.fresh ? <Status kind="health" word={report.state} /> : <Badge tone="quiet">Not measured</Badge>);
  return (
    <>
      <HealthHead title="Health" beside={beside}>
        {report ? <>Measured <When at={report.measured_at} />.</> : 'How each part of the system does.'}
        {report && !data.fresh && ' Nobody has measured since: what stands here may not be true any more.'}
      </HealthHead>
      <div className={classes.panels}>
        <Panel title="Parts" flush>
          <DataTable label="Parts of the system" columns={COLUMNS} rows={data === undefined ? undefined : parts ?? []} rowKey={(it) => it.name} error={error}
            onRetry={refetch}
            empty={<EmptyState title="Nothing was measured yet">The watch measures every five minutes.</EmptyState>} unit="part" />
        </Panel>
        {data && Object.keys(data.days).length > 0 && <Suspense fallback={<LoadingRows rows={5} />}><Days days={data.days} /></Suspense>}
      </div>
    </>
  );
}
