import type { Compared } from '@/api/repair';
import { FieldDiff } from '@/ui/FieldDiff';
import { Badge } from '@/ui/Status';
import classes from '../forms.module.css';

/** How the record of each customer differs from Stripe. */
export function ResyncPreview({ compared, person }: { compared: readonly Compared[]; person: string | undefined }) {
  return (
    <ul className={classes.found} aria-label="How the record differs">
      {compared.map(({ customer, found }) => (
        <li key={customer}>
          <div className={classes.foundHead}>
            <strong>{person ?? customer}</strong>
            {found.differences.length === 0 && <Badge tone="good">Same as Stripe</Badge>}
          </div>
          {found.differences.map(({ object, fields, at_stripe }) => (
            <div key={object}>
              <code className={classes.quiet}>{object}</code>{!at_stripe && <> <Badge tone="bad">Not at Stripe: left alone</Badge></>}
              <FieldDiff fields={fields} />
            </div>
          ))}
        </li>
      ))}
    </ul>
  );
}
