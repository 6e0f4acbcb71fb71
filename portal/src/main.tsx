import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient, refreshOnReturn } from '@/api/queries';
import { listenToTabs } from '@/api/session';
import { readSession } from '@/api/signIn';
import { Notices } from '@/ui/notices/Notices';
import { Theme } from '@/ui/theme/Theme';
import { watchActivity } from '@/util/activity';
import { reloadAfterDeploy } from '@/util/deploy';
import { router } from './router';

watchActivity();
refreshOnReturn();
listenToTabs(readSession);
reloadAfterDeploy();

const root = document.getElementById('root');
if (!root) throw new Error('The page has no #root.');

createRoot(root).render(
  <StrictMode>
    <Theme>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Notices />
      </QueryClientProvider>
    </Theme>
  </StrictMode>,
);
