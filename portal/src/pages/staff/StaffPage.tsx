import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMissingRole } from '@/api/may';
import { session } from '@/api/session';
import { staffQuery } from '@/api/staff';
import { policyQuery } from '@/api/user';
import { InviteDialog } from '@/forms/staff/InviteDialog';
import { ActionButton } from '@/ui/ActionButton';
import { ErrorState } from '@/ui/states/ErrorState';
import { LoadingRows } from '@/ui/states/Loading';
import { PageTitle } from '@/ui/PageTitle';
import { Panel } from '@/ui/Panel';
import { useStore } from '@/util/store';
import { ROLES } from '@/util/words';
import { LimitsTable } from './LimitsTable';
import { OperationsTable } from './OperationsTable';
import { StaffTable } from './StaffTable';
import classes from './StaffPage.module.css';

export function StaffPage() {
  const off = useMissingRole('owner');
  const role = useStore(session)?.person.role;
  const staff = useQuery(staffQuery);
  const policy = useQuery(policyQuery);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <PageTitle title="Staff" actions={<ActionButton off={off} onClick={() => { setOpen(true); }}>Invite somebody</ActionButton>}>
        Who administers, and what each role may do.
        {off !== null && role && <> You can look at it: changing it takes an Owner, and your role is {ROLES[role]}.</>}
      </PageTitle>
      <div className={classes.panels}>
        <Panel title="Administrators" flush>
          <StaffTable staff={staff.data?.staff} off={off} error={staff.error} onRetry={staff.refetch} />
        </Panel>
        {policy.data ? (
          <>
            <Panel title="Limits" flush><LimitsTable limits={policy.data.limits} off={off} /></Panel>
            <Panel title="What each role may do" flush><OperationsTable operations={policy.data.operations} /></Panel>
          </>
        ) : policy.error ? <ErrorState error={policy.error} onRetry={policy.refetch} /> : <LoadingRows rows={6} />}
      </div>
      {isOpen && <InviteDialog onClose={() => { setOpen(false); }} />}
    </>
  );
}
