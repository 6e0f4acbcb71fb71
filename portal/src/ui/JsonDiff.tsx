import { changes } from '@/util/diff';
import classes from './JsonDiff.module.css';

interface Props {
  before: unknown;
  after: unknown;
  /** What the two sides are called: before and after, or ours and Stripe's. */
  names?: readonly [before: string, after: string];
  /** Fields that are the same on both sides are shown too. */
  showSame?: boolean;
}

const text = (value: unknown) => (value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value));

/** Two records side by side, field by field. */
export function JsonDiff({ before, after, names = ['Before', 'After'], showSame = false }: Props) {
  const shown = changes(before ?? null, after ?? null).filter((change) => showSame || change.kind !== 'same');
  if (shown.length === 0 || (shown.length === 1 && shown[0]?.path === '' && shown[0].kind === 'same')) {
    return <span className={classes.none}>No difference</span>;
  }
  return (
    <table className={classes.table}>
      <thead>
        <tr><th scope="col">Field</th><th scope="col">{names[0]}</th><th scope="col">{names[1]}</th></tr>
      </thead>
      <tbody>
        {shown.map(({ path, kind, before: was, after: is }) => (
          <tr key={path} data-kind={kind}>
            <th scope="row">{path === '' ? 'Value' : path}</th>
            <td>{text(was) !== '' && (kind === 'same' ? text(was) : <del>{text(was)}</del>)}</td>
            <td>{text(is) !== '' && (kind === 'same' ? text(is) : <ins>{text(is)}</ins>)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
