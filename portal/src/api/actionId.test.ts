import { beforeEach, describe, expect, it } from 'vitest';
import { actionIdOf, drawActionId, forgetActionId } from './actionId';

describe('action ids', () => {
  beforeEach(() => { sessionStorage.clear(); });

  it('have the form the server takes, and are never the same', () => {
    const drawn = Array.from({ length: 200 }, drawActionId);
    expect(drawn.every((id) => /^act_[0-9a-f]{32}$/.test(id))).toBe(true);
    expect(new Set(drawn).size).toBe(200);
  });

  it('stay with their form until the action has ended', () => {
    const first = actionIdOf('refund:ch_1');
    expect(actionIdOf('refund:ch_1')).toBe(first);
    expect(actionIdOf('refund:ch_2')).not.toBe(first);
    forgetActionId('refund:ch_1');
    expect(actionIdOf('refund:ch_1')).not.toBe(first);
  });

  it('are drawn anew where something else was kept', () => {
    sessionStorage.setItem('linky-action:refund:ch_1', '"act_short"');
    expect(actionIdOf('refund:ch_1')).toMatch(/^act_[0-9a-f]{32}$/);
  });
});
