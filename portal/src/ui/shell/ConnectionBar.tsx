import { useNetwork } from '@mantine/hooks';
import { heard } from '@/api/session';
import { isReachable } from '@/api/transport';
import { relative } from '@/util/time';
import { useNow } from '@/util/clock';
import { useStore } from '@/util/store';
import classes from './Shell.module.css';

/** Says that what is on screen may be old. */
export function ConnectionBar() {
  const { online } = useNetwork();
  const reachable = useStore(isReachable);
  const heard_ms = useStore(heard);
  const now_ms = useNow(10_000);
  const isFine = online && reachable;
  return (
    <div role="status" className={isFine ? undefined : classes.connection}>
      {!isFine && (
        <>
          <strong>{online ? 'Linky cannot be reached.' : 'You are offline.'}</strong>{' '}
          What you see is as it was{heard_ms > 0 && ` ${relative(Math.min(heard_ms, now_ms), now_ms)}`}. What you type is kept; it goes on by itself.
        </>
      )}
    </div>
  );
}
