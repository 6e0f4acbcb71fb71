import type { Run } from '@/api/types';
import { Badge } from '@/ui/Status';
import { sentenceCase } from '@/util/words';

/** Whether a run is through, and at which step it is. */
export function RunState({ run }: { run: Run }) {
  if (run.finished_at !== null) return <Badge tone="good">Done</Badge>;
  if (run.reason !== null) return <Badge tone="attention">{`Put down at: ${sentenceCase(run.step)}`}</Badge>;
  return <Badge tone="info">{`Under way: ${sentenceCase(run.step)}`}</Badge>;
}
