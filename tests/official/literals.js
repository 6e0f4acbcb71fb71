// Objects of the simulator as literals of TypeScript, each assigned to the type that Stripe's Node library has for it.

/**
 * What Stripe sends and its types leave out. Each is taken off before the compiler sees it, and must be met: one that is no
 * longer needed turns the check red.
 */
export const UNTYPED = {
  'list.total_count': 'lists inside an object count their elements; the types of lists do not say so',
  'subscription.plan': 'from before subscriptions had items, and still sent where there is a single one',
  'subscription.quantity': 'as the plan',
};

/** The type of an object: `checkout.session` is `Stripe.Checkout.Session`. */
export function typeOf(object) {
  const { object: kind, deleted, data } = object;
  if (kind === 'event') return 'Stripe.Event';
  if (kind === 'list') return `Stripe.ApiList<${elementOf(data)}>`;
  if (kind === 'search_result') return `Stripe.ApiSearchResult<${elementOf(data)}>`;
  const irregular = { item: 'line_item', line_item: 'invoice_line_item', invoiceitem: 'invoice_item' };
  const parts = (irregular[kind] ?? kind).split('.').map((part) => part.split('_').map((word) => word[0].toUpperCase() + word.slice(1)).join(''));
  const name = parts.pop();
  return ['Stripe', ...parts, `${deleted ? 'Deleted' : ''}${name}`].join('.');
}

const elementOf = (data) => (data.length ? typeOf(data[0]) : 'never');

/** A value as a literal. Numbers that the library reads from text, to keep them exact, are its `Decimal`. */
export function literal(value, name, met = new Set()) {
  if (Array.isArray(value)) return `[${value.map((element) => literal(element, undefined, met)).join(', ')}]`;
  if (value === null || typeof value !== 'object') {
    return typeof value === 'string' && name?.endsWith('_decimal') ? `decimal(${JSON.stringify(value)})` : JSON.stringify(value);
  }
  const typed = Object.entries(value).filter(([field]) => {
    const untyped = `${value.object}.${field}`;
    if (untyped in UNTYPED) met.add(untyped);
    return !(untyped in UNTYPED);
  });
  return `{\n${typed.map(([field, inner]) => `${JSON.stringify(field)}: ${literal(inner, field, met)}`).join(',\n')}}`;
}

/** What two objects of one shape share: fields, types, and the words that may be values of an enumeration. */
export function shape(value) {
  if (Array.isArray(value)) return `[${[...new Set(value.map(shape))].join()}]`;
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value).map(([field, inner]) => `${field}:${field === 'metadata' ? '' : shape(inner)}`).sort().join()}}`;
  }
  return typeof value === 'string' && /^[a-z_.]*$/.test(value) ? value : value === null ? 'null' : typeof value;
}
