import { expect, it } from 'vitest';
import { changes } from './diff';

const of = (before: unknown, after: unknown) => changes(before, after).filter((it) => it.kind !== 'same').map(({ path, kind }) => `${kind} ${path}`);

it('finds what was changed, added and removed, however deep', () => {
  expect(of({ role: 'support', limits: { day: 1, action: 2 } }, { role: 'billing', limits: { day: 1, extra: 3 } }))
    .toEqual(['changed role', 'added limits.extra', 'removed limits.action']);
});

it('takes a record apart that was not there before, or is not there any more', () => {
  expect(of(null, { name: 'Ada', role: 'owner' })).toEqual(['added name', 'added role']);
  expect(of({ name: 'Ada' }, null)).toEqual(['removed name']);
});

it('finds nothing between equals', () => {
  expect(of({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toEqual([]);
  expect(of(null, null)).toEqual([]);
});
