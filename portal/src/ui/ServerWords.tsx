import { Link } from '@tanstack/react-router';
import { partsOf } from '@/util/serverWords';
import classes from './text.module.css';
import { When } from './When';

/** A sentence of the server, with times as people read them and ids that lead to their page. */
export function ServerWords({ children }: { children: string }) {
  return partsOf(children).map((part, index) => {
    const key = `${String(index)}${part.kind}`;
    if (part.kind === 'time') return <When key={key} at={part.at} as="time" />;
    if (part.kind === 'link') return <Link key={key} to={part.to} className={classes.inText}>{part.id}</Link>;
    return part.text;
  });
}
