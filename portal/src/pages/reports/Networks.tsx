import { standings, type MonthlyPayments, type Standing } from '@/api/figures/payments';
import { periodWords } from '@/api/figures/periods';
import { figureText } from '@/ui/charts/formats';
import { Badge } from '@/ui/Status';
import { CHECKED_ON } from '@/util/cardNetworks';
import { dayWords } from '@/util/days';
import type { Tone } from '@/util/words';
import classes from './ReportsPage.module.css';

const STATES: Readonly<Record<Standing['reached'], readonly [Tone, string]>> = {
  none: ['good', 'Below both'], rate: ['attention', 'Rate reached'], cases: ['attention', 'Cases reached'], both: ['bad', 'Reached'],
};

/** How the last whole month stands by the networks' rules; where none is whole, the one that is going on. */
export function Networks({ rows }: { rows: readonly MonthlyPayments[] }) {
  const month = rows.findLast(({ period }) => !period.isOpen && !period.isCut) ?? rows.at(-1);
  if (month === undefined) return null;
  return (
    <table className={classes.networks}>
      <caption>
        {periodWords(month.period)} by the networks’ rules: Visa divides by the payments of the month, Mastercard by those of the month before. A programme
        begins where both marks are reached. Reference values of {dayWords(CHECKED_ON)}.
      </caption>
      <thead><tr><th scope="col">Programme</th><th scope="col">Rate</th><th scope="col">Cases</th><th scope="col">State</th></tr></thead>
      <tbody>
        {standings(month).map(({ programme, rate, cases, reached }) => (
          <tr key={programme.name}>
            <th scope="row">{programme.network}<span className={classes.allowed}>{programme.name}</span></th>
            <td className="number">
              {figureText(rate, 'rate', '')}
              <span className={classes.allowed}>of {figureText(programme.rate_min, 'rate', '')}</span>
            </td>
            <td className="number">{cases.toLocaleString('en-US')}<span className={classes.allowed}>of {programme.cases_min.toLocaleString('en-US')}</span></td>
            <td>{rate === null ? <Badge tone="quiet">Not known</Badge> : <Badge tone={STATES[reached][0]}>{STATES[reached][1]}</Badge>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
