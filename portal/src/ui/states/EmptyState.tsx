import type { ReactNode } from 'react';
import { IconInbox } from '@tabler/icons-react';
import classes from './states.module.css';

interface Props {
  title: string;
  /** Why there is nothing, and what to do about it. */
  children?: ReactNode;
  icon?: ReactNode;
  /** Such as a button that takes filters away. */
  action?: ReactNode;
}

/** Stands where a list has nothing in it. */
export function EmptyState({ title, children, icon = <IconInbox size={28} aria-hidden />, action }: Props) {
  return (
    <div className={classes.state}>
      <span className={classes.icon}>{icon}</span>
      <div className={classes.title}>{title}</div>
      {children !== undefined && <div className={classes.quiet}>{children}</div>}
      {action !== undefined && <div className={classes.actions}>{action}</div>}
    </div>
  );
}
