import { expect, it } from 'vitest';
import { asked } from '@/api/users';
import { isNarrow, isSame, readFilter } from './filter';
import { nameMissing, readViews } from './views';

it('reads a filter out of any address', () => {
  expect(readFilter({ search: ' ada ', sort: 'name', page: 3 })).toEqual({ search: 'ada', sort: 'name' });
  expect(readFilter({ search: 42 }).search).toBe('42');
  expect(readFilter({ sort: 'sideways', status: ['active'], plan: '' })).toEqual({});
});

it('asks the server to search or to filter, never both', () => {
  expect(asked({ search: 'ada', status: 'active', sort: 'name' })).toEqual({ search: 'ada' });
  expect(asked({ search: 'a', status: 'active' })).toEqual({ status: 'active' });
});

it('sorts by name only what is not filtered', () => {
  expect(asked({ sort: 'name' }).sort).toBe('name');
  expect(asked({ sort: 'name', plan: 'networker' }).sort).toBeUndefined();
  expect(asked({ sort: 'oldest', plan: 'networker' }).sort).toBe('oldest');
});

it('tells filters apart', () => {
  expect(isSame({ status: 'active' }, { status: 'active', plan: undefined })).toBe(true);
  expect(isSame({ status: 'active' }, {})).toBe(false);
  expect(isNarrow({ sort: 'name' })).toBe(false);
});

it('takes from storage only what is a view', () => {
  expect(readViews('no list')).toEqual([]);
  expect(readViews([null, { name: '' }, { name: 'Late', filter: { status: 'past_due', x: 1 } }])).toEqual([{ name: 'Late', filter: { status: 'past_due' } }]);
});

it('wants a name that no other view has', () => {
  expect(nameMissing('  ', [])).not.toBeNull();
  expect(nameMissing('past due', [])).not.toBeNull();
  expect(nameMissing('Mine', [{ name: 'mine', filter: {} }])).not.toBeNull();
  expect(nameMissing('Mine', [])).toBeNull();
});
