import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { alertsQuery } from '@/api/health';
import { LinkTabs } from '@/ui/LinkTabs';
import { PageTitle } from '@/ui/PageTitle';

const PARTS = [
  ['Parts', '/health'], ['Alerts', '/health/alerts'], ['Events', '/health/events'], ['Deliveries', '/health/deliveries'], ['Nightly runs', '/health/runs'],
] as const;

interface Props {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  beside?: ReactNode;
}

/** The head of the pages on how the system does, and the ways between them. */
export function HealthHead({ title, children, ...rest }: Props) {
  const here = useLocation({ select: ({ pathname }) => pathname });
  const alerts = useQuery(alertsQuery).data?.alerts;
  return (
    <>
      <PageTitle title={title} {...rest}>{children}</PageTitle>
      <LinkTabs label="Health" tabs={PARTS.map(([label, to]) => ({
        label, to, isActive: here.replace(/^\/app/, '').replace(/\/$/, '') === to, count: to === '/health/alerts' ? alerts?.length : undefined,
      }))} />
    </>
  );
}
