import { expect, it } from 'vitest';
import { actorName } from './actors';
import { auditSearch } from './route';

it('keeps one filter of the address, as the server takes one', () => {
  expect(auditSearch({ actor: 'admin_1', day: '2026-11-26' })).toEqual({ actor: 'admin_1', entry: undefined });
  expect(auditSearch({ day: '2026-13-01' })).toEqual({ entry: undefined });
  expect(auditSearch({ subject: 'cus_1', entry: 'admin_1:7' })).toEqual({ subject: 'cus_1', entry: 'admin_1:7' });
});

it('names whoever acted', () => {
  const staff = [{ id: 'admin_1', name: 'Mara Voss' }];
  expect(actorName('admin_1', staff)).toBe('Mara Voss');
  expect(actorName('operator', staff)).toBe('The operator');
  expect(actorName('system#sweep', staff)).toBe('The system (sweep)');
  expect(actorName('address#127.0.0.1', staff)).toBe('Somebody at 127.0.0.1');
  expect(actorName('user_9', staff)).toBe('user_9');
});
