// What the navigation tells of pages one is not on. Where it cannot be read, nothing is told: the page itself says why.

import { useQuery } from '@tanstack/react-query';
import { healthQuery, waitingActionsQuery } from '@/api/glance';
import { statusWords } from '@/util/words';
import classes from './SideNav.module.css';

/** How many requests wait for approval. */
export function WaitingMark() {
  const { data } = useQuery(waitingActionsQuery);
  const waiting = data?.actions.length ?? 0;
  if (waiting === 0) return null;
  const shown = data?.next == null ? String(waiting) : `${String(waiting)}+`;
  return <span className={classes.count}>{shown}<span className="visually-hidden"> waiting</span></span>;
}

/** How the system does. */
export function HealthMark() {
  const { data } = useQuery(healthQuery);
  if (!data?.report) return null;
  const [label, tone] = data.fresh ? statusWords('health', data.report.state) : ['Not measured', 'quiet' as const];
  return <span className={classes.dot} data-tone={tone} title={label}><span className="visually-hidden"> {label}</span></span>;
}
