import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { isExpired } from '@/api/approvals';
import { actionQuery } from '@/api/orders';
import { staffQuery } from '@/api/staff';
import type { Action } from '@/api/types';
import { userQuery } from '@/api/user';
import { EmptyState } from '@/ui/states/EmptyState';
import { ErrorState } from '@/ui/states/ErrorState';
import { LoadingPage } from '@/ui/states/Loading';
import { PageTitle } from '@/ui/PageTitle';
import { Panel } from '@/ui/Panel';
import { Status } from '@/ui/Status';
import { useNow } from '@/util/clock';
import { orderSentence, orderWords } from '@/util/order';
import { concernWords } from '@/util/words';
import { BeforeAfter } from './BeforeAfter';
import { Decision } from './Decision';
import { History } from './History';
import { ActionFacts } from './ActionFacts';
import { approvalRoute } from './route';
import classes from './ApprovalPage.module.css';

export function ApprovalPage() {
  const { id } = approvalRoute.useParams();
  const { data, error, refetch } = useQuery(actionQuery(id));
  if (data === undefined) return error ? <ErrorState error={error} onRetry={refetch} /> : <LoadingPage />;
  if (data === null) {
    return (
      <>
        <PageTitle title="No such request" />
        <EmptyState title="There is no request at this address" action={<Button component={Link} to="/approvals">To the approvals</Button>}>
          It may have been mistyped.
        </EmptyState>
      </>
    );
  }
  return <Approval action={data} />;
}

function Approval({ action }: { action: Action }) {
  const user = useQuery(userQuery(action.customer)).data;
  const staff = useQuery(staffQuery).data?.staff;
  const state = isExpired(action, useNow()) ? 'expired' : action.state;
  const person = user?.name ?? user?.email ?? action.customer;
  const nameOf = (admin: string | undefined) => staff?.find((it) => it.id === admin)?.name ?? 'Somebody';
  return (
    <>
      <PageTitle title={`${orderWords(action.order)} · ${person}`} back={{ to: '/approvals', label: 'Approvals' }}
        beside={<Status kind="action" word={state} />} />
      <div className={classes.page}>
        <div className={classes.main}>
          <Panel title={state === 'succeeded' ? 'What was done' : 'What would be done'}>
            <p className={classes.sentence}>{orderSentence(action.order, person)}</p>
            <ActionFacts action={action} person={person} account={user?.stripe_url} />
          </Panel>
          <Panel title="Why">
            <blockquote className={classes.reason}>{action.reason}</blockquote>
            {action.concerns.length > 0 && (
              <>
                <h3 className={classes.concernsTitle}>Why one person was not enough</h3>
                <ul className={classes.concerns}>{action.concerns.map((concern) => <li key={concern}>{concernWords(concern)}.</li>)}</ul>
              </>
            )}
          </Panel>
          {user && state === 'awaiting_approval' && <BeforeAfter action={action} user={user} />}
          <History action={action} nameOf={nameOf} />
        </div>
        <Decision action={action} state={state} person={person} nameOf={nameOf} />
      </div>
    </>
  );
}
