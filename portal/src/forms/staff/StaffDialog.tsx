import { Select } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ROLE_ORDER } from '@/api/may';
import { changeRole, disable, enable, resetAuthenticator, staffQuery } from '@/api/staff';
import type { Role, Staff } from '@/api/types';
import { ROLES } from '@/util/words';
import classes from '../forms.module.css';
import { ReasonDialog } from '../ReasonDialog';
import { ROLE_WORDS } from './roles';

export type StaffChange = 'role' | 'disable' | 'enable' | 'reset';

interface Props {
  of: Staff;
  what: StaffChange;
  /** Who asked for the authenticator to be reset, where somebody has. */
  asker: string | undefined;
  onClose: () => void;
}

/** Changes an administrator. */
export function StaffDialog({ of, what, asker, onClose }: Props) {
  const client = useQueryClient();
  const [role, setRole] = useState<Role>(of.role);
  const done = async (changing: Promise<unknown>) => {
    await changing;
    await client.invalidateQueries(staffQuery);
  };
  switch (what) {
    case 'role': return (
      <ReasonDialog opened onClose={onClose} title={`Change the role of ${of.name}`}
        confirmLabel={role === of.role ? 'Change role' : `Make ${of.name} ${ROLES[role]}`}
        blocked={role === of.role ? `${of.name} is ${ROLES[role]} already.` : null} onConfirm={(reason) => done(changeRole(of.id, role, reason))}>
        <div className={classes.fields}>
          <Select label="Role" allowDeselect={false} value={role} data-autofocus description={ROLE_WORDS[role]}
            data={ROLE_ORDER.map((it) => ({ value: it, label: ROLES[it] }))}
            onChange={(it) => { if (it) setRole(it); }} />
        </div>
      </ReasonDialog>
    );
    case 'disable': return (
      <ReasonDialog opened onClose={onClose} title={`Disable ${of.name}?`} confirmLabel={`Disable ${of.name}`} isDangerous
        onConfirm={(reason) => done(disable(of.id, reason))}>
        {of.name} is signed out everywhere at once and cannot sign in any more. What they asked for stays, and can only be rejected.
      </ReasonDialog>
    );
    case 'enable': return (
      <ReasonDialog opened onClose={onClose} title={`Enable ${of.name}?`} confirmLabel={`Enable ${of.name}`}
        onConfirm={(reason) => done(enable(of.id, reason))}>
        {of.name} can sign in again as {ROLES[of.role]}, with the password and the authenticator from before.
      </ReasonDialog>
    );
    case 'reset': return (
      <ReasonDialog opened onClose={onClose} title={`Reset the authenticator of ${of.name}?`}
        confirmLabel={of.reset_asked ? 'Reset it' : 'Ask for the reset'} isDangerous
        onConfirm={(reason) => done(resetAuthenticator(of.id, reason))}>
        {of.reset_asked
          ? `${asker ?? 'Another owner'} has asked for this. If you do too, the app and the recovery codes of ${of.name} are taken off, and a new one is `
            + 'set up at the next sign-in.'
          : `Two owners have to ask for this within a day, neither of whom is ${of.name}. You are the first; another one has to confirm it here.`}
        {' '}Make sure that it is really {of.name} who asks: call them.
      </ReasonDialog>
    );
  }
}
