import { ActionIcon, Drawer, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMenu2, IconSearch } from '@tabler/icons-react';
import { useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';
import type { SessionView } from '@/api/types';
import { openPalette } from '../commands/CommandCenter';
import { Keys } from '../commands/Keys';
import { AccountMenu } from './AccountMenu';
import { Brand } from './Brand';
import { ConnectionBar } from './ConnectionBar';
import type { Place } from './navigation';
import { SchemeToggle } from './SchemeToggle';
import { SideNav } from './SideNav';
import classes from './Shell.module.css';

interface Props {
  places: readonly Place[];
  session: SessionView;
  onSignOut: () => void;
  children: ReactNode;
}

/** What stands around every page: where one can go, the search, and who one is. */
export function Shell({ places, session, onSignOut, children }: Props) {
  const [isMenuOpen, menu] = useDisclosure(false);
  const { close } = menu;
  const path = useRouterState({ select: (state) => state.location.pathname });
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    close();
    // Whoever uses a keyboard or a screen reader goes on in the new page, not at the link that led there.
    main.current?.focus({ preventScroll: true });
  }, [path, close]);
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">Skip to the content</a>
      <aside className={classes.side}>
        <Brand />
        <SideNav places={places} />
      </aside>
      <Drawer opened={isMenuOpen} onClose={close} title={<Brand />} size={260} padding="sm" closeButtonProps={{ 'aria-label': 'Close the menu' }}>
        <SideNav places={places} />
      </Drawer>
      <header className={classes.header}>
        <ActionIcon className={classes.burger} aria-label="Open the menu" onClick={menu.open}><IconMenu2 size={20} /></ActionIcon>
        <button type="button" className={classes.search} onClick={openPalette}>
          <IconSearch size={16} aria-hidden />
          <span className={classes.searchWords}>Search people, pages, actions</span>
          <span className={classes.searchKeys}><Keys of="mod+k" /></span>
        </button>
        <div className={classes.tools}>
          <Tooltip label="Light or dark"><SchemeToggle /></Tooltip>
          <AccountMenu session={session} onSignOut={onSignOut} />
        </div>
      </header>
      <main id="main" ref={main} className={classes.main} tabIndex={-1}>
        <ConnectionBar />
        {children}
      </main>
    </div>
  );
}
