import type { Compared } from '@/api/repair';
import type { FieldDifference } from '@/api/types';
import { JsonDiff } from '@/ui/JsonDiff';
import { Badge } from '@/ui/Status';
import classes from '../forms.module.css';

const side = (fields: readonly FieldDifference[], which: 'ours' | 'stripes') => Object.fromEntries(fields.map((it) => [it.field, it[which]]));

/** How the record of each customer differs from Stripe. */
export function ResyncPreview({ compared }: { compared: readonly Compared[] }) {
  return (
    <ul className={classes.found} aria-label="How the record differs">
      {compared.map(({ customer, found }) => (
        <li key={customer}>
          <div className={classes.foundHead}>
            <strong>{customer}</strong>
            {found.differences.length === 0 && <Badge tone="good">Same as Stripe</Badge>}
          </div>
          {found.differences.map(({ object, fields, at_stripe }) => (
            <div key={object}>
              <code className={classes.quiet}>{object}</code>{!at_stripe && <> <Badge tone="bad">Not at Stripe: left alone</Badge></>}
              <JsonDiff before={side(fields, 'ours')} after={side(fields, 'stripes')} names={['On record', 'At Stripe']} />
            </div>
          ))}
        </li>
      ))}
    </ul>
  );
}
