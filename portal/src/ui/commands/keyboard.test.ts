import { describe, expect, it, vi } from 'vitest';
import { commandOf, keyName } from './keyboard';
import type { Command } from './registry';

const command = (id: string, keys: string): Command => ({ id, keys, label: id, group: 'Go to', run: vi.fn() });
const commands = [command('users', 'g u'), command('health', 'g h'), command('help', '?'), command('palette', 'mod+k'), command('undo', 'u')];
const plain = { ctrlKey: false, metaKey: false, altKey: false };

describe('shortcuts', () => {
  it('names keys as commands do', () => {
    expect(keyName({ ...plain, key: 'U' })).toBe('u');
    expect(keyName({ ...plain, key: 'k', ctrlKey: true })).toBe('mod+k');
    expect(keyName({ ...plain, key: 'k', metaKey: true })).toBe('mod+k');
    expect(keyName({ ...plain, key: 'Shift' })).toBeNull();
    expect(keyName({ ...plain, key: 'l', altKey: true })).toBeNull();
  });

  it('waits for the second key of two', () => {
    expect(commandOf(commands, '', 'g')).toEqual({ pending: 'g' });
    expect(commandOf(commands, 'g', 'u').command?.id).toBe('users');
    expect(commandOf(commands, '', 'u').command?.id).toBe('undo');
  });

  it('takes a key that does not go on for one of its own', () => {
    expect(commandOf(commands, 'g', '?').command?.id).toBe('help');
    expect(commandOf(commands, 'g', 'x')).toEqual({ pending: '' });
    expect(commandOf(commands, 'g', 'g')).toEqual({ pending: 'g' });
  });
});
