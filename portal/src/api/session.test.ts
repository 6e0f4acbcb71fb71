import { expect, it } from 'vitest';
import { endsAt, IDLE_MS } from './session';
import type { SessionView } from './types';

const view = (ends_at: string, lasts_until: string) => ({ ends_at, lasts_until }) as SessionView;
const ms = (text: string) => Date.parse(text);

it('a session ends half an hour after the last answer, and never after its twelve hours', () => {
  const at = view('2026-11-26T10:00:00.000Z', '2026-11-26T20:00:00.000Z');
  expect(endsAt(at, 0)).toBe(ms('2026-11-26T10:00:00.000Z'));
  expect(endsAt(at, ms('2026-11-26T09:50:00.000Z'))).toBe(ms('2026-11-26T09:50:00.000Z') + IDLE_MS);
  expect(endsAt(at, ms('2026-11-26T19:50:00.000Z'))).toBe(ms('2026-11-26T20:00:00.000Z'));
});
