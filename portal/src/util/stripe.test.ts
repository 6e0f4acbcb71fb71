import { expect, it } from 'vitest';
import { isLiveUrl, stripeUrl } from './stripe';

it('leads to the page of an object, and to none where there is none', () => {
  expect(stripeUrl('cus_1', true)).toBe('https://dashboard.stripe.com/customers/cus_1');
  expect(stripeUrl('sub_sched_1', false)).toBe('https://dashboard.stripe.com/test/subscription_schedules/sub_sched_1');
  expect(stripeUrl('pm_1', true)).toBeNull();
});

it('tells live objects from those of a test', () => {
  expect(isLiveUrl('https://dashboard.stripe.com/customers/cus_1')).toBe(true);
  expect(isLiveUrl('https://dashboard.stripe.com/test/customers/cus_1')).toBe(false);
});
