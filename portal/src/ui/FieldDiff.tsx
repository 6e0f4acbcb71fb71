import type { FieldDifference } from '@/api/types';
import { JsonDiff } from './JsonDiff';

interface Props {
  fields: readonly FieldDifference[];
  /** What stands on the other side of the record. */
  after?: string;
}

const side = (fields: Props['fields'], which: 'ours' | 'stripes') => Object.fromEntries(fields.map((it) => [it.field, it[which]]));

/** The fields in which the record differs from what Stripe says. */
export function FieldDiff({ fields, after = 'At Stripe' }: Props) {
  return <JsonDiff before={side(fields, 'ours')} after={side(fields, 'stripes')} names={['On record', after]} />;
}
