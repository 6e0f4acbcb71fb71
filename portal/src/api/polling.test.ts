import { describe, expect, it } from 'vitest';
import { pollDelay } from './polling';

const usual = { every_ms: 5_000, idle_ms: 0, isOnline: true, failures: 0 };

describe('polling', () => {
  it('asks every few seconds while somebody is there', () => {
    expect(pollDelay(usual)).toBe(5_000);
    expect(pollDelay({ ...usual, idle_ms: 59_999 })).toBe(5_000);
  });

  it('slows down when nobody touches anything, but never below what was asked for', () => {
    expect(pollDelay({ ...usual, idle_ms: 60_000 })).toBe(30_000);
    expect(pollDelay({ ...usual, every_ms: 45_000, idle_ms: 60_000 })).toBe(45_000);
  });

  it('stops for an empty chair, so that a session can end', () => {
    expect(pollDelay({ ...usual, idle_ms: 10 * 60_000 })).toBe(false);
  });

  it('stops offline', () => {
    expect(pollDelay({ ...usual, isOnline: false })).toBe(false);
  });

  it('backs off after failures, up to a minute', () => {
    expect([1, 2, 3, 4, 40].map((failures) => pollDelay({ ...usual, failures }))).toEqual([10_000, 20_000, 40_000, 60_000, 60_000]);
  });
});
