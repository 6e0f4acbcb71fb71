import { expect, it } from 'vitest';
import { pageOf } from './route';

it('leads to pages of ours only', () => {
  expect(pageOf('/app/users?search=ada')).toBe('/app/users?search=ada');
  for (const elsewhere of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', 7, undefined]) {
    expect(pageOf(elsewhere)).toBeUndefined();
  }
});
