import { Menu } from '@mantine/core';
import { IconDevices, IconLogout } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { SessionView } from '@/api/types';
import { ROLES } from '@/util/words';
import classes from './AccountMenu.module.css';

const initials = (name: string) => name.split(/\s+/).map((part) => part.charAt(0)).slice(0, 2).join('').toUpperCase();

/** Who one is, one's sessions, and the way out. */
export function AccountMenu({ session, onSignOut }: { session: SessionView; onSignOut: () => void }) {
  const { name, email, role } = session.person;
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <button type="button" className={classes.account} aria-label={`Your account: ${name}`}>
          <span className={classes.initials} aria-hidden data-initials={initials(name)} />
          <span className={classes.accountName}>{name}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <strong>{name}</strong>
          <span>{email}</span>
          {role && <span>{ROLES[role]}</span>}
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconDevices size={16} />} component={Link} to="/sessions">Sessions and sign-in</Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={onSignOut}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
