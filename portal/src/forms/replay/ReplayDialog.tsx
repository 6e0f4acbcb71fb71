import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { previewReplay, type Replayed } from '@/api/health';
import { replayAll } from '@/api/replay';
import type { Replay, ReplayReport } from '@/api/types';
import { notify } from '@/ui/notices/notify';
import { FormError } from '@/ui/states/ErrorState';
import { LoadingRows } from '@/ui/states/Loading';
import { count } from '@/util/words';
import classes from '../forms.module.css';
import { ReasonDialog } from '../ReasonDialog';
import { ReplayPreview } from './ReplayPreview';

/** Has events tried anew, after it was shown what that changes. */
export function ReplayDialog({ choice, onClose }: { choice: Replayed; onClose: () => void }) {
  const client = useQueryClient();
  const [through, setThrough] = useState<number | null>(null);
  const shown = useQuery({
    queryKey: ['replay', choice], queryFn: ({ signal }) => previewReplay(choice, signal), staleTime: 0, gcTime: 0, refetchOnWindowFocus: false,
  });
  const number = shown.data ? shown.data.events.length + shown.data.left : null;
  const run = async (reason: string) => {
    const done = await replayAll(choice, reason, setThrough);
    tell(done);
    await client.invalidateQueries({ queryKey: ['events'] });
  };
  return (
    <ReasonDialog opened size="lg" onClose={onClose} title={number === null ? 'Replay events' : `Replay ${count(number, 'event')}?`} confirmLabel="Replay"
      blocked={blockedBy(shown.data, shown.isError)} onConfirm={run}>
      <div className={classes.fields}>
        <span className={classes.quiet}>Nothing is done yet. This is what a replay would change, as things stand.</span>
        {shown.data ? <ReplayPreview report={shown.data} /> : shown.isError ? <FormError error={shown.error} /> : <LoadingRows rows={3} />}
        {through !== null && <span role="status">{count(through, 'event')} so far…</span>}
      </div>
    </ReasonDialog>
  );
}

function blockedBy(report: ReplayReport | undefined, hasFailed: boolean): string | null {
  if (hasFailed) return 'What it would change could not be shown.';
  if (report === undefined) return 'Looking at what it would change…';
  if (report.events.length + report.left === 0) return 'No event matches.';
  return report.left === 0 && report.events.every(({ effect }) => effect === 'impossible') ? 'None of them can be replayed.' : null;
}

function tell(done: readonly Replay[]): void {
  const impossible = done.filter(({ effect }) => effect === 'impossible').length;
  const message = impossible === 0 ? 'Each is settled within seconds.' : `${count(impossible, 'event')} cannot be replayed.`;
  void notify({ title: `${count(done.length - impossible, 'event')} tried anew`, message, tone: impossible === 0 ? 'good' : 'attention' });
}
