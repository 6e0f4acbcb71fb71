import type { PlanPreview } from '@/api/types';
import { Money } from '@/ui/Money';
import { day } from '@/util/time';
import classes from './user-forms.module.css';

/** What a change of plan comes to, line by line. */
export function PreviewLines({ of }: { of: PlanPreview }) {
  return (
    <table className={classes.lines} aria-label="What it comes to">
      <tbody>
        {of.lines.map((line, index) => <tr key={`${String(index)}${line.text}`}><th scope="row">{line.text}</th><td><Money of={line.amount} /></td></tr>)}
        <tr data-total><th scope="row">Charged now</th><td><Money of={of.due_now} /></td></tr>
        {of.credited.amount_cents !== 0 && <tr><th scope="row">Put to the balance</th><td><Money of={of.credited} /></td></tr>}
        <tr><th scope="row">Next charge, on {day(of.next_charge.at)}</th><td><Money of={of.next_charge.amount} /></td></tr>
      </tbody>
    </table>
  );
}
