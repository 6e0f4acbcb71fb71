/** Where Stripe's dashboard shows an object, by how its id begins. */
const PLACES: readonly [prefix: string, place: string][] = [
  ['cus_', 'customers'], ['sub_sched_', 'subscription_schedules'], ['sub_', 'subscriptions'], ['in_', 'invoices'], ['ch_', 'payments'],
  ['py_', 'payments'], ['pi_', 'payments'], ['re_', 'refunds'], ['pyr_', 'refunds'], ['du_', 'disputes'], ['dp_', 'disputes'],
  ['evt_', 'events'], ['price_', 'prices'], ['prod_', 'products'],
];

/** The address of an object in Stripe's dashboard; null where it has no page of its own. */
export function stripeUrl(id: string, isLive: boolean): string | null {
  const place = PLACES.find(([prefix]) => id.startsWith(prefix));
  return place ? `https://dashboard.stripe.com/${isLive ? '' : 'test/'}${place[1]}/${encodeURIComponent(id)}` : null;
}

/** Whether an address in Stripe's dashboard is one of live objects. */
export function isLiveUrl(url: string): boolean {
  return !new URL(url).pathname.startsWith('/test/');
}
