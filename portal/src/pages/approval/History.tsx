import { useInfiniteQuery } from '@tanstack/react-query';
import { auditQuery } from '@/api/audit';
import type { Action } from '@/api/types';
import { JsonDiff } from '@/ui/JsonDiff';
import { Panel } from '@/ui/Panel';
import { Status } from '@/ui/Status';
import { When } from '@/ui/When';
import { operationName } from '@/util/words';
import classes from './ApprovalPage.module.css';

/** What the audit log has of this action. */
export function History({ action, nameOf }: { action: Action; nameOf: (admin: string) => string }) {
  const { data } = useInfiniteQuery(auditQuery({ subject: action.customer }));
  const entries = data?.pages.flatMap((page) => page.entries).filter((entry) => entry.action === action.id) ?? [];
  if (entries.length === 0) return null;
  return (
    <Panel title="In the audit log">
      <ol className={classes.history}>
        {entries.map((entry) => (
          <li key={`${entry.actor}:${String(entry.seq)}`}>
            <div className={classes.historyHead}>
              <strong>{operationName(entry.operation)}</strong>
              <Status kind="audit" word={entry.outcome} />
              <span className={classes.quiet}>{entry.actor.startsWith('admin_') ? nameOf(entry.actor) : entry.actor}, <When at={entry.at} /></span>
            </div>
            {(entry.before != null || entry.after != null) && <JsonDiff before={entry.before} after={entry.after} />}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
