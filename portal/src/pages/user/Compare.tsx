import { useMissingRole } from '@/api/may';
import { ActionButton } from '@/ui/ActionButton';
import { Panel } from '@/ui/Panel';
import type { Begin } from './useDoing';
import classes from './UserPage.module.css';

/** Leads to what differs from Stripe at this moment, and to its repair. */
export function Compare({ begin }: { begin: Begin }) {
  const off = useMissingRole('support');
  return (
    <Panel title="Record and Stripe">
      <div className={classes.compare}>
        <span className={classes.quiet}>The record is compared every night. It can be compared now, and put right.</span>
        <ActionButton size="xs" variant="default" off={off} onClick={() => { begin('resync'); }}>Compare</ActionButton>
      </div>
    </Panel>
  );
}
