import { Select, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '@/api/error';
import { ROLE_ORDER } from '@/api/may';
import { invite, staffQuery } from '@/api/staff';
import type { Role } from '@/api/types';
import { notify } from '@/ui/notices/notify';
import { ROLES } from '@/util/words';
import classes from '../forms.module.css';
import { ReasonDialog } from '../ReasonDialog';
import { ROLE_WORDS } from './roles';

const ADDRESS = /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/;

/** Invites an administrator by mail. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('support');
  const [refused, setRefused] = useState<ApiError | null>(null);
  const blocked = name.trim() === '' ? 'A name is needed.' : !ADDRESS.test(email.trim()) ? 'An address is needed, such as ada@example.com.' : null;
  const send = async (reason: string) => {
    try {
      await invite({ name: name.trim(), email: email.trim(), role, reason });
    } catch (error) {
      setRefused(error instanceof ApiError ? error : null);
      throw error;
    }
    void notify({ title: 'Invited', message: `The mail to ${email.trim()} is on its way. Its link is good once, for three days.`, tone: 'good' });
    await client.invalidateQueries(staffQuery);
  };
  return (
    <ReasonDialog opened onClose={onClose} title="Invite an administrator"
      confirmLabel={name.trim() === '' ? 'Invite' : `Invite ${name.trim()}`} blocked={blocked} onConfirm={send}>
      <div className={classes.fields}>
        <TextInput label="Name" value={name} maxLength={200} required data-autofocus
          error={refused?.code === 'invalid_name' ? refused.message : null}
          onChange={(event) => { setName(event.currentTarget.value); setRefused(null); }} />
        <TextInput label="Email" type="email" value={email} maxLength={254} required
          description="The invitation goes there. They set a password and an authenticator app by it."
          error={refused?.code === 'invalid_email' || refused?.code === 'address_taken' ? refused.message : null}
          onChange={(event) => { setEmail(event.currentTarget.value); setRefused(null); }} />
        <Select label="Role" allowDeselect={false} value={role} description={ROLE_WORDS[role]}
          data={ROLE_ORDER.map((it) => ({ value: it, label: ROLES[it] }))} onChange={(it) => { if (it) setRole(it); }} />
      </div>
    </ReasonDialog>
  );
}
