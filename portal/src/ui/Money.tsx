import { formatMoney, type Amount } from '@/util/money';
import classes from './text.module.css';

interface Props {
  of: Amount | null | undefined;
  /** Quieter where it is nothing, so that a column of amounts shows what matters. */
  quietZero?: boolean;
}

/** An amount, with digits of one width. A dash where there is none. */
export function Money({ of, quietZero = false }: Props) {
  if (!of) return <span className={classes.quiet}>–</span>;
  const isQuiet = quietZero && of.amount_cents === 0;
  return <span className={isQuiet ? classes.quietNumber : classes.number}>{formatMoney(of)}</span>;
}
