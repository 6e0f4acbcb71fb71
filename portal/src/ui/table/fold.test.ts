import { expect, it } from 'vitest';
import type { Column } from './types';
import { fold, gridOf } from './useFold';

const column = (key: string, more: Partial<Column<string>> = {}): Column<string> => ({ key, header: key, cell: () => key, ...more });
const columns = [column('date'), column('name', { isName: true }), column('left', { foldBelow: 'sm' }), column('reason', { foldBelow: 'lg' })];
const keys = (of: readonly Column<string>[]) => of.map((it) => it.key);

it('has everything beside each other on a wide screen', () => {
  expect(keys(fold(columns, null).beside)).toEqual(['date', 'name', 'left', 'reason']);
});

it('puts below what the screen has no room for, and keeps all of it', () => {
  expect(keys(fold(columns, 'md').below)).toEqual(['reason']);
  const narrow = fold(columns, 'sm');
  expect([keys(narrow.beside), keys(narrow.below)]).toEqual([['date', 'name'], ['left', 'reason']]);
});

it('gives what is left of the width to the name', () => {
  expect(gridOf(fold(columns, 'sm'))).toEqual({ gridTemplateColumns: 'auto minmax(7rem, 1fr)' });
});
