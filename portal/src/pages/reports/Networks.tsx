import { standings, type MonthlyPayments, type Standing } from '@/api/figures/payments';
import { periodWords } from '@/api/figures/periods';
import { figureText } from '@/ui/charts/formats';
import { Badge } from '@/ui/Status';
import { CHECKED_ON, PROGRAMMES } from '@/util/cardNetworks';
import { dayWords } from '@/util/days';
import { count, type Tone } from '@/util/words';
import classes from './ReportsPage.module.css';

const STATES: Readonly<Record<Standing['reached'], readonly [Tone, string]>> = {
  none: ['good', 'Below both'], rate: ['attention', 'Rate reached'], cases: ['attention', 'Cases reached'], both: ['bad', 'Both reached'],
};

/** So many months, the last ones. */
const MONTHS = 2;

/** How the last months stand by the networks' rules: what is over, and what is still to be mended. */
export function Networks({ rows }: { rows: readonly MonthlyPayments[] }) {
  const months = rows.slice(-MONTHS);
  return (
    <table className={classes.networks}>
      <caption>
        By the networks’ rules: Visa divides by the payments of the month, Mastercard by those of the month before. A programme begins where both marks are
        reached. Reference values of {dayWords(CHECKED_ON)}.
      </caption>
      <thead>
        <tr><th scope="col">Programme</th>{months.map(({ period }) => <th key={period.from} scope="col">{periodWords(period)}</th>)}</tr>
      </thead>
      <tbody>
        {PROGRAMMES.map(({ network, name, rate_min, cases_min }, at) => (
          <tr key={name}>
            <th scope="row">{network}<Below>{`${name}: ${figureText(rate_min, 'rate', '')} and ${count(cases_min, 'case')}`}</Below></th>
            {months.map((month) => <td key={month.period.from}><Stands of={standings(month)[at]} /></td>)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Stands({ of }: { of: Standing | undefined }) {
  if (of === undefined || of.rate === null) return <Badge tone="quiet">Not known</Badge>;
  const [tone, words] = STATES[of.reached];
  return <><Badge tone={tone}>{words}</Badge><Below>{`${figureText(of.rate, 'rate', '')}, ${count(of.cases, 'case')}`}</Below></>;
}

function Below({ children }: { children: string }) {
  return <span className={classes.allowed}>{children}</span>;
}
