import { Outlet } from '@tanstack/react-router';
import { Brand } from '@/ui/shell/Brand';
import classes from './Outside.module.css';

/** What stands around the pages for those who are not signed in. */
export function Outside() {
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <Brand />
        <Outlet />
      </div>
    </main>
  );
}
