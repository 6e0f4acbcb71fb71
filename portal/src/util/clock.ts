// The server's time. A browser's clock may be wrong, and an hour's difference would make a session look ended.

import { useEffect, useState } from 'react';

/** Differences that come of rounding and of the way: `Date` headers have whole seconds. */
const NOISE_MS = 3_000;

let skew_ms = 0;

/** Takes note of when an answer was made, by its `Date` header. */
export function heardDate(header: string | null, at_ms = Date.now()): void {
  const served_ms = header === null ? Number.NaN : Date.parse(header);
  if (Number.isNaN(served_ms)) return;
  const difference_ms = served_ms - at_ms;
  skew_ms = Math.abs(difference_ms) < NOISE_MS ? 0 : difference_ms;
}

/** Milliseconds since 1970, by the server's clock as far as it is known. */
export function now(): number {
  return Date.now() + skew_ms;
}

/** The time, told anew every `every_ms`. */
export function useNow(every_ms = 30_000): number {
  const [time_ms, setTime] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => { setTime(now()); }, every_ms);
    return () => { clearInterval(timer); };
  }, [every_ms]);
  return time_ms;
}
