import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { session } from '@/api/session';
import type { Staff } from '@/api/types';
import { StaffDialog, type StaffChange } from '@/forms/staff/StaffDialog';
import { Badge } from '@/ui/Status';
import { DataTable } from '@/ui/table/DataTable';
import type { Column } from '@/ui/table/types';
import { When } from '@/ui/When';
import { useStore } from '@/util/store';
import { ROLES } from '@/util/words';
import classes from './StaffPage.module.css';

interface Props {
  staff: readonly Staff[] | undefined;
  off: string | null;
  error: unknown;
  onRetry: () => unknown;
}

/** Whether somebody can sign in, and with what. */
function SignIn({ of }: { of: Staff }) {
  if (of.disabled_at !== null) return <Badge tone="quiet">Disabled</Badge>;
  if (!of.has_password) return <Badge tone="info">Invited</Badge>;
  return of.has_authenticator ? <Badge tone="good">Password and app</Badge> : <Badge tone="attention">No authenticator yet</Badge>;
}

export function StaffTable({ staff, off, error, onRetry }: Props) {
  const me = useStore(session)?.person.id;
  const [change, setChange] = useState<{ of: Staff; what: StaffChange } | null>(null);
  const columns: Column<Staff>[] = [
    {
      key: 'name', header: 'Name', isName: true,
      cell: (it) => (
        <div className={classes.person}>
          <strong>{it.name}{it.id === me && <span className={classes.quiet}> (you)</span>}</strong>
          <span className={classes.quiet}>{it.email}</span>
        </div>
      ),
    },
    { key: 'role', header: 'Role', cell: (it) => ROLES[it.role] },
    {
      key: 'sign in', header: 'Signs in with', foldBelow: 'sm',
      cell: (it) => (
        <div className={classes.badges}><SignIn of={it} />{it.reset_asked && <Badge tone="attention">Reset asked for</Badge>}</div>
      ),
    },
    { key: 'since', header: 'Invited', foldBelow: 'sm', cell: (it) => <When at={it.created_at} as="day" /> },
    { key: 'menu', header: 'Change', align: 'right', isAction: true,
      cell: (it) => <Changes of={it} off={off} onChoose={(what) => { setChange({ of: it, what }); }} /> },
  ];
  return (
    <>
      <DataTable label="Administrators" columns={columns} rows={staff} rowKey={(it) => it.id} error={error} onRetry={onRetry} unit="administrator" />
      {change && <StaffDialog of={change.of} what={change.what} asker={staff?.find((it) => it.id === change.of.reset_asked?.by)?.name}
        onClose={() => { setChange(null); }} />}
    </>
  );
}

function Changes({ of, off, onChoose }: { of: Staff; off: string | null; onChoose: (what: StaffChange) => void }) {
  if (off !== null) {
    return (
      <Tooltip label={off} multiline maw={280}>
        <ActionIcon data-disabled aria-disabled aria-label={`Change ${of.name}`} aria-description={off}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
    );
  }
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target><ActionIcon aria-label={`Change ${of.name}`}><IconDots size={18} aria-hidden /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => { onChoose('role'); }}>Change role…</Menu.Item>
        {of.has_authenticator && <Menu.Item onClick={() => { onChoose('reset'); }}>{of.reset_asked ? 'Confirm the reset…' : 'Reset authenticator…'}</Menu.Item>}
        <Menu.Divider />
        {of.disabled_at === null ? <Menu.Item color="red" onClick={() => { onChoose('disable'); }}>Disable…</Menu.Item>
          : <Menu.Item onClick={() => { onChoose('enable'); }}>Enable…</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
