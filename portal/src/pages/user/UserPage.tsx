import { Button } from '@mantine/core';
import { IconUserQuestion } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { ApiError } from '@/api/error';
import type { User } from '@/api/types';
import { moneyQuery, userQuery } from '@/api/user';
import { personOf } from '@/forms/user/props';
import { PageTitle } from '@/ui/PageTitle';
import { EmptyState } from '@/ui/states/EmptyState';
import { ErrorState } from '@/ui/states/ErrorState';
import { LoadingPage } from '@/ui/states/Loading';
import { CardPanel } from './CardPanel';
import { Mails } from './Mails';
import { MoneyPanels } from './MoneyPanels';
import { Notes } from './Notes';
import { Requests } from './Requests';
import { SubscriptionPanel } from './SubscriptionPanel';
import { Timeline } from './Timeline';
import { Compare } from './Compare';
import { useDoing } from './useDoing';
import { UserHead } from './UserHead';
import classes from './UserPage.module.css';

// A form comes when it is first opened.
const UserDialogs = lazy(() => import('@/forms/user/UserDialogs'));

const route = getRouteApi('/inside/users/$id');

export function UserPage() {
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery(userQuery(id));
  if (data) return <Known key={id} user={data} />;
  if (error instanceof ApiError && (error.status === 404 || error.code === 'invalid_id')) return <Unknown id={id} />;
  if (error) return <><PageTitle title="User" /><ErrorState error={error} onRetry={refetch} /></>;
  return <LoadingPage />;
}

function Known({ user }: { user: User }) {
  const { doing, charge, begin, end } = useDoing();
  const money = useQuery(moneyQuery(user.id));
  return (
    <>
      <UserHead user={user} money={money.data} begin={begin} />
      <div className={classes.page}>
        <div className={classes.main}>
          <Requests user={user} />
          <MoneyPanels user={user} money={money} begin={begin} />
          <Timeline user={user} />
        </div>
        <div className={classes.side}>
          <SubscriptionPanel user={user} begin={begin} />
          <CardPanel user={user} />
          <Notes user={user} />
          <Mails user={user} />
          <Compare begin={begin} />
        </div>
      </div>
      {doing && <Suspense fallback={null}><UserDialogs key={doing} doing={doing} charge={charge} user={user} person={personOf(user)} money={money.data}
        onClose={end} /></Suspense>}
    </>
  );
}

function Unknown({ id }: { id: string }) {
  return (
    <>
      <PageTitle title="No such user" />
      <EmptyState title={`There is no customer ${id}`} icon={<IconUserQuestion size={28} aria-hidden />}
        action={<Button component={Link} to="/users">Search the users</Button>}>
        The id may be mistyped or cut short, or of another Stripe account. A name or address finds people as well.
      </EmptyState>
    </>
  );
}
