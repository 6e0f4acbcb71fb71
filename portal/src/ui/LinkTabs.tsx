import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import classes from './LinkTabs.module.css';

export interface LinkTab {
  label: string;
  to: string;
  search?: Record<string, string | undefined>;
  isActive: boolean;
  /** How many there are, where that is worth telling. */
  count?: number;
}

/** Parts of a page that have addresses of their own. */
export function LinkTabs({ label, tabs, look = 'tabs' }: { label: string; tabs: readonly LinkTab[]; look?: 'tabs' | 'pills' }) {
  const nav = useRef<HTMLElement>(null);
  const active = tabs.find(({ isActive }) => isActive)?.label;
  // On a phone not all of them are in sight.
  useEffect(() => { nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }); }, [active]);
  return (
    <nav ref={nav} className={classes[look]} aria-label={label}>
      {tabs.map(({ label: name, to, search, isActive, count }) => (
        <Link key={name} to={to} search={search ?? {}} className={classes.tab} aria-current={isActive ? 'page' : undefined} data-active={isActive}
          activeProps={{}} activeOptions={{ exact: true }}>
          {name}
          {count !== undefined && count > 0 && <span className={classes.count}>{count}</span>}
        </Link>
      ))}
    </nav>
  );
}
