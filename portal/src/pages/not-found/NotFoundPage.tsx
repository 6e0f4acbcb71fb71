import { Button } from '@mantine/core';
import { IconMapQuestion } from '@tabler/icons-react';
import { Link, useRouterState } from '@tanstack/react-router';
import { EmptyState } from '@/ui/states/EmptyState';
import { PageTitle } from '@/ui/PageTitle';

/** An address at which there is nothing. */
export function NotFoundPage() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <>
      <PageTitle title="There is no such page" />
      <EmptyState title={`Nothing is at ${path}`} icon={<IconMapQuestion size={28} aria-hidden />}
        action={<Button component={Link} to="/">Go to the start</Button>}>
        The address may be mistyped, or the page has moved. Ctrl-K finds people, pages and actions by their names.
      </EmptyState>
    </>
  );
}
