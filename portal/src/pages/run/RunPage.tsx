import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { runQuery } from '@/api/health';
import { useMissingRole } from '@/api/may';
import type { RunDetail } from '@/api/types';
import { ResyncDialog } from '@/forms/resync/ResyncDialog';
import { ActionButton } from '@/ui/ActionButton';
import { Facts } from '@/ui/Facts';
import { EmptyState } from '@/ui/states/EmptyState';
import { ErrorState } from '@/ui/states/ErrorState';
import { LoadingPage } from '@/ui/states/Loading';
import { PageTitle } from '@/ui/PageTitle';
import { Panel } from '@/ui/Panel';
import { When } from '@/ui/When';
import { dayWords, utcDayOf } from '@/util/days';
import { count } from '@/util/words';
import { RunState } from '../health/RunState';
import { DifferenceTable } from './DifferenceTable';
import { causeWords } from './causes';
import { runRoute } from './route';
import classes from './RunPage.module.css';

export function RunPage() {
  const { day } = runRoute.useParams();
  const { data, error, refetch } = useQuery(runQuery(day));
  if (data) return <Run detail={data} />;
  if (!error) return <LoadingPage />;
  return (
    <>
      <PageTitle title={utcDayOf(day) === undefined ? 'Nightly run' : `Run of ${dayWords(day)}`} back={BACK} />
      <ErrorState error={error} onRetry={refetch} />
    </>
  );
}

const BACK = { to: '/health/runs', label: 'Nightly runs' };

const NOTHING: ReadonlySet<string> = new Set();

/** ` · Missed event: 2 · Not at Stripe: 1`. */
const causes = (by_cause: Readonly<Record<string, number>>) => (
  Object.entries(by_cause).map(([cause, times]) => ` · ${causeWords(cause)}: ${String(times)}`).join('')
);

function Run({ detail: { run, differences } }: { detail: RunDetail }) {
  const off = useMissingRole('support');
  const [chosen, setChosen] = useState(NOTHING);
  const [repaired, setRepaired] = useState<readonly string[] | null>(null);
  const everybody = [...new Set(differences.flatMap((it) => it.customer ?? []))];
  const { counts } = run;
  const number = (of: number) => <span className="number">{of.toLocaleString('en-US')}</span>;
  const facts: (readonly [string, ReactNode])[] = [
    ['Began', <When key="began" at={run.started_at} as="time" />],
    ['Done', <When key="done" at={run.finished_at} as="time" none="Not yet" />],
    ['Events looked at', number(counts.events_seen)],
    ['Missed, and taken in', number(counts.events_taken_in)],
    ['Dead, and brought back', number(counts.events_revived)],
    ['Objects compared', number(counts.objects_compared)],
    ['Differences', <>{number(counts.differences)}<span className={classes.quiet}>{causes(counts.by_cause)}</span></>],
    ['Repaired', number(counts.repairs)],
    ...(run.reason === null ? [] : [['Put down because', run.reason] as const]),
  ];
  return (
    <>
      <PageTitle title={`Run of ${dayWords(run.day)}`} back={BACK} beside={<RunState run={run} />} />
      <div className={classes.panels}>
        <Panel title="What it found"><Facts of={facts} /></Panel>
        <Panel title="Differences" flush actions={differences.length > 0 && (
          <div className={classes.actions}>
            <ActionButton size="compact-sm" variant="default" off={off ?? (chosen.size === 0 ? 'Choose customers first.' : null)}
              onClick={() => { setRepaired([...chosen]); }}>
              {chosen.size === 0 ? 'Repair the chosen ones' : `Repair ${count(chosen.size, 'customer')}`}
            </ActionButton>
            <ActionButton size="compact-sm" off={off ?? (everybody.length === 0 ? 'No difference names a customer.' : null)}
              onClick={() => { setRepaired(everybody); }}>
              Repair all
            </ActionButton>
          </div>
        )}>
          <DifferenceTable differences={differences} chosen={chosen} onChoose={setChosen} off={off} onRepair={(customer) => { setRepaired([customer]); }}
            empty={<EmptyState title="Nothing differed" icon={<IconCircleCheck size={28} aria-hidden />}>The record was as Stripe has it.</EmptyState>} />
        </Panel>
      </div>
      {repaired && <ResyncDialog customers={repaired} onClose={() => { setRepaired(null); setChosen(NOTHING); }} />}
    </>
  );
}
