import { useQuery } from '@tanstack/react-query';
import { IconCircleCheck } from '@tabler/icons-react';
import { alertsQuery } from '@/api/health';
import { EmptyState } from '@/ui/states/EmptyState';
import { ErrorState } from '@/ui/states/ErrorState';
import { LoadingRows } from '@/ui/states/Loading';
import { AlertItem } from './AlertItem';
import { HealthHead } from './HealthHead';
import classes from './Health.module.css';

export function AlertsPage() {
  const { data, error, refetch } = useQuery(alertsQuery);
  return (
    <>
      <HealthHead title="Alerts">What somebody should do. Acknowledge one to tell the others that you are at it.</HealthHead>
      {data === undefined ? (error ? <ErrorState error={error} onRetry={refetch} /> : <LoadingRows rows={6} height={64} />)
        : data.alerts.length === 0 ? <EmptyState title="No open alerts" icon={<IconCircleCheck size={28} aria-hidden />}>Nothing asks for anybody.</EmptyState>
          : <ul className={classes.alerts} aria-label="Open alerts">{data.alerts.map((alert) => <AlertItem key={alert.cause} alert={alert} />)}</ul>}
    </>
  );
}
