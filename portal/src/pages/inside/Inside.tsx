import { Outlet, useNavigate, useRouter } from '@tanstack/react-router';
import { queryClient } from '@/api/queries';
import { session } from '@/api/session';
import { signOut } from '@/api/signIn';
import { CommandCenter } from '@/ui/commands/CommandCenter';
import { useCommands } from '@/ui/commands/registry';
import { Shell } from '@/ui/shell/Shell';
import { useStore } from '@/util/store';
import { lazy, Suspense } from 'react';
import { places } from '../places';

// Not needed to see a page, so they come after it.
const Dialogs = lazy(() => import('./Dialogs'));

/** What stands around the pages for those who are signed in, and what may come up over each of them. */
export function Inside() {
  const view = useStore(session);
  const router = useRouter();
  const navigate = useNavigate();
  // Places come with their pages: what has none is not shown.
  const open = places.filter((place) => place.to in router.routesByPath);
  useCommands(open.map(({ to, label, keys, icon: Icon }) => (
    { id: `go ${to}`, label, group: 'Go to' as const, keys, icon: <Icon size={18} />, run: () => navigate({ to }) }
  )));
  const leave = async () => {
    await signOut();
    await navigate({ to: '/sign-in' });
    queryClient.clear();
  };
  if (view === null) return null;
  return (
    <>
      <Shell places={open} session={view} onSignOut={() => { void leave(); }}><Outlet /></Shell>
      <CommandCenter />
      <Suspense fallback={null}><Dialogs onSignOut={() => { void leave(); }} /></Suspense>
    </>
  );
}
