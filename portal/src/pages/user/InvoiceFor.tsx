import type { Invoice } from '@/api/types';
import { Money } from '@/ui/Money';
import { partsOf } from '@/util/invoice';
import { billingReason } from '@/util/words';
import classes from './InvoiceFor.module.css';

/** What an invoice is for: why it was made and, line by line, what it is made of. */
export function InvoiceFor({ of }: { of: Invoice }) {
  const parts = partsOf(of);
  const [only] = parts;
  return (
    <div className={classes.for}>
      {billingReason(of.billing_reason)}
      {parts.length === 1 && only && <span className={classes.part}>{only.text}</span>}
      {parts.length > 1 && (
        <ul className={classes.parts} aria-label="What it is made of">
          {parts.map(({ text, amount }, index) => (
            <li key={`${String(index)}${text}`} className={classes.part}><span>{text}</span> <Money of={amount} /></li>
          ))}
        </ul>
      )}
    </div>
  );
}
