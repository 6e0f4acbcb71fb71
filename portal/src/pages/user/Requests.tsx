import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { hasEnded } from '@/api/orders';
import type { User } from '@/api/types';
import { userActionsQuery } from '@/api/user';
import { Panel } from '@/ui/Panel';
import { Status } from '@/ui/Status';
import { When } from '@/ui/When';
import { orderWords } from '@/util/order';
import classes from './Lists.module.css';
import page from './UserPage.module.css';

/** Orders on this customer that have not ended. Nothing where there are none. */
export function Requests({ user }: { user: User }) {
  const { data } = useQuery(userActionsQuery(user.id));
  const open = data?.actions.filter((it) => !hasEnded(it.state)) ?? [];
  if (open.length === 0) return null;
  return (
    <Panel title="Under way">
      <ul className={classes.requests}>
        {open.map((it) => (
          <li key={it.id}>
            <Link to="/approvals/$id" params={{ id: it.id }}>{orderWords(it.order)}</Link>
            <Status kind="action" word={it.state} />
            <span className={page.quiet}>{data?.people[it.requested_by] ?? it.requested_by} · <When at={it.created_at} /></span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
