import type { Replay, ReplayEffect, ReplayReport } from '@/api/types';
import { FieldDiff } from '@/ui/FieldDiff';
import { Badge } from '@/ui/Status';
import { count, type Tone } from '@/util/words';
import classes from '../forms.module.css';

const EFFECTS: Readonly<Record<ReplayEffect, readonly [string, Tone]>> = {
  changes: ['Changes the record', 'attention'], ensures_schedule: ['Sees to the founding price’s end', 'info'], nothing: ['Changes nothing', 'quiet'],
  impossible: ['Cannot be replayed', 'bad'],
};

/** What a replay would change, event by event. */
export function ReplayPreview({ report }: { report: ReplayReport }) {
  if (report.events.length === 0) return <p>No event matches.</p>;
  return (
    <>
      <ul className={classes.found} aria-label="What a replay would change">
        {report.events.map((replay) => <Told key={replay.event} replay={replay} />)}
      </ul>
      {report.left > 0 && <span className={classes.quiet}>{count(report.left, 'event')} more, not looked at yet.</span>}
    </>
  );
}

function Told({ replay: { event, type, effect, differences = [], reason } }: { replay: Replay }) {
  const [label, tone] = EFFECTS[effect];
  return (
    <li>
      <div className={classes.foundHead}>
        <strong>{type ?? event}</strong>
        <Badge tone={tone}>{label}</Badge>
      </div>
      {type !== undefined && <code className={classes.quiet}>{event}</code>}
      {reason !== undefined && <span className={classes.quiet}>{reason}</span>}
      {differences.length > 0 && <FieldDiff fields={differences} after="Afterwards" />}
    </li>
  );
}
