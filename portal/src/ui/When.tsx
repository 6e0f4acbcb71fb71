import { Tooltip } from '@mantine/core';
import { useNow } from '@/util/clock';
import { clock, day, dayAndTime, exact, relative } from '@/util/time';
import classes from './text.module.css';

interface Props {
  at: string | null | undefined;
  /** How it is told; the exact time is shown on hover and on focus in any case. */
  as?: 'relative' | 'day' | 'time' | 'clock';
  /** What stands there where there is no time. */
  none?: string;
}

/** A time in the reader's zone. */
export function When({ at, as = 'relative', none = '–' }: Props) {
  const now_ms = useNow();
  if (!at) return <span className={classes.quiet}>{none}</span>;
  const words = as === 'relative' ? relative(at, now_ms) : as === 'day' ? day(at) : as === 'clock' ? clock(at) : dayAndTime(at);
  return (
    <Tooltip label={exact(at)}>
      <time dateTime={at} className={classes.time}>{words}</time>
    </Tooltip>
  );
}
