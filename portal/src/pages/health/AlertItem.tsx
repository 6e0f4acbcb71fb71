import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { acknowledge, alertsQuery } from '@/api/health';
import { useMissingRole } from '@/api/may';
import { staffQuery } from '@/api/staff';
import type { Alert } from '@/api/types';
import { ReasonDialog } from '@/forms/ReasonDialog';
import { ActionButton } from '@/ui/ActionButton';
import { ServerWords } from '@/ui/ServerWords';
import { Badge, Status } from '@/ui/Status';
import { When } from '@/ui/When';
import { pageOf } from '@/util/serverWords';
import { count } from '@/util/words';
import classes from './Health.module.css';

/** The page of what an alert is about, such as `cus_1/sub_2`. */
function pageAbout({ about, message }: Alert): string | null {
  const id = about?.split('/')[0];
  // What stands in the message is a link there already.
  return id === undefined || message.includes(id) ? null : pageOf(id);
}

export function AlertItem({ alert }: { alert: Alert }) {
  const off = useMissingRole('support');
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const taken = alert.acknowledged_at !== null;
  const about = pageAbout(alert);
  const send = async (reason: string) => {
    await acknowledge(alert.cause, reason);
    await client.invalidateQueries(alertsQuery);
  };
  return (
    <li className={classes.alert} data-severity={alert.severity} data-taken={taken}>
      <div className={classes.alertWords}>
        <div className={classes.alertHead}>
          <Status kind="severity" word={alert.severity} />
          {taken && <TakenBy alert={alert} />}
        </div>
        <strong><ServerWords>{alert.message}</ServerWords></strong>
        <span>{alert.to_do}{about !== null && <> <Link to={about}>To the customer</Link></>}</span>
        <div className={classes.alertFoot}>
          <span>Since <When at={alert.opened_at ?? alert.first_at} /></span>
          {alert.times > 1 && <span>{count(alert.times, 'time')}, last <When at={alert.last_at} /></span>}
          <span>{alert.ends === 'by_itself' ? 'Ends by itself once it is mended' : 'Ends when somebody acknowledges it'}</span>
        </div>
      </div>
      {!taken && (
        <ActionButton variant="default" size="compact-sm" off={off} aria-label={`Acknowledge: ${alert.message}`}
          onClick={() => { setOpen(true); }}>
          Acknowledge
        </ActionButton>
      )}
      <ReasonDialog opened={isOpen} onClose={() => { setOpen(false); }} title="Acknowledge this alert?" confirmLabel="Acknowledge"
        reasonLabel="What you do about it" onConfirm={send}>
        <ServerWords>
          {alert.message}
        </ServerWords> {alert.ends === 'by_itself' ? 'It stays open until it is mended; the others see that you are at it.' : 'With that it ends.'}
      </ReasonDialog>
    </li>
  );
}

function TakenBy({ alert }: { alert: Alert }) {
  const { data } = useQuery(staffQuery);
  const name = data?.staff.find((it) => it.id === alert.acknowledged_by)?.name ?? 'somebody';
  return <><Badge tone="good">Acknowledged</Badge><span className={classes.quiet}>by {name}, <When at={alert.acknowledged_at} /></span></>;
}
