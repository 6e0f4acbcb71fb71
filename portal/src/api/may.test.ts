import { expect, it } from 'vitest';
import { isAtLeast, missingRole } from './may';

it('lets each role do what the one below may', () => {
  expect(isAtLeast('owner', 'viewer')).toBe(true);
  expect(isAtLeast('billing', 'billing')).toBe(true);
  expect(isAtLeast('support', 'billing')).toBe(false);
  expect(isAtLeast(null, 'viewer')).toBe(false);
});

it('names the role that is needed and the one there is', () => {
  expect(missingRole('viewer', 'support')).toBe('Needs the role Support or higher. Yours is Viewer.');
  expect(missingRole('billing', 'owner')).toBe('Only an Owner may do this. Yours is Billing.');
  expect(missingRole('billing', 'support')).toBeNull();
});
