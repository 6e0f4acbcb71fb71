import { expect, it } from 'vitest';
import { nextSort, sortState } from './types';
import { target } from './useRowKeys';

it('goes through the rows and stays within them', () => {
  expect(target('j', -1, 3)).toBe(0);
  expect(target('j', 0, 3)).toBe(1);
  expect(target('j', 2, 3)).toBe(2);
  expect(target('k', 0, 3)).toBe(0);
  expect(target('End', 0, 3)).toBe(2);
  expect(target('j', -1, 0)).toBeNull();
});

it('leaves the arrows to the page until somebody is in the table', () => {
  expect(target('ArrowDown', -1, 3)).toBeNull();
  expect(target('ArrowDown', 0, 3)).toBe(1);
});

it('sorts by the server’s words, and the other way round at the second click', () => {
  const created = { ascending: 'oldest', descending: 'newest' };
  expect(nextSort('name', created)).toBe('newest');
  expect(nextSort('newest', created)).toBe('oldest');
  expect(nextSort('name', { ascending: 'name' })).toBe('name');
  expect(sortState('oldest', () => undefined).ariaOf(created)).toBe('ascending');
  expect(sortState('name', () => undefined).ariaOf(created)).toBe('none');
});
