import { useQuery } from '@tanstack/react-query';
import { session } from '@/api/session';
import { sessionsQuery } from '@/api/signIn';
import { Panel } from '@/ui/Panel';
import { PageTitle } from '@/ui/PageTitle';
import { useStore } from '@/util/store';
import { SecondFactor } from './SecondFactor';
import { SessionsTable } from './SessionsTable';
import classes from './SessionsPage.module.css';

export function SessionsPage() {
  const sessions = useQuery(sessionsQuery);
  const view = useStore(session);
  return (
    <>
      <PageTitle title="Sessions and sign-in">Where you are signed in, and what you sign in with.</PageTitle>
      <div className={classes.panels}>
        <Panel title="Your sessions" flush>
          <SessionsTable sessions={sessions.data?.sessions} error={sessions.error} onRetry={sessions.refetch} />
        </Panel>
        {view && <SecondFactor view={view} />}
      </div>
    </>
  );
}
