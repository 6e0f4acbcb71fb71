// Times as people read them. Everything on the wire is RFC 3339 in UTC; people see their own zone.

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400], ['month', 30 * 86_400], ['day', 86_400], ['hour', 3_600], ['minute', 60],
];

/** Shorter than this is now. */
const NOW_S = 45;

const relativeFormat = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** `3 days ago`, `in 2 hours`, `just now`. */
export function relative(at: string | number, now_ms: number): string {
  const seconds = (new Date(at).getTime() - now_ms) / 1000;
  if (Math.abs(seconds) < NOW_S) return seconds > 0 ? 'in a moment' : 'just now';
  for (const [unit, length_s] of UNITS) {
    if (Math.abs(seconds) >= length_s) return relativeFormat.format(Math.trunc(seconds / length_s), unit);
  }
  return relativeFormat.format(Math.sign(seconds), 'minute');
}

/** `Thu 26 Nov 2026, 09:26:13 GMT+1`: nothing left open. */
export function exact(at: string | number, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short', day: 'numeric', month: 'short', year: 'numeric',
    hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short', timeZone,
  }).format(new Date(at));
}

/** `26 Nov 2026` */
export function day(at: string | number, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone }).format(new Date(at));
}

/** `26 Nov 2026, 09:26` */
export function dayAndTime(at: string | number, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone,
  }).format(new Date(at));
}

/** `13 Nov – 13 Dec 2026` */
export function period(from: string, to: string, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone }).formatRange(new Date(from), new Date(to));
}

/** `09:26` */
export function clock(at: string | number, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }).format(new Date(at));
}

/** `2026-11-26` in UTC, as the API names days. */
export function utcDay(at: string | number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** `1:05` for 65 seconds; never less than `0:00`. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The reader's zone: `Europe/Berlin (GMT+1)`. */
export function zoneName(at = Date.now()): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'shortOffset' }).formatToParts(at);
  const offset = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  return offset === '' || offset === timeZone ? timeZone : `${timeZone} (${offset})`;
}
