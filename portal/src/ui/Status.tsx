import { statusWords, type StatusKind, type Tone } from '@/util/words';
import classes from './Status.module.css';

/** A badge: a dot in the tone, and the word. */
export function Badge({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      <span className={classes.dot} aria-hidden />
      {children}
    </span>
  );
}

/** How something stands, by the server's word for it. */
export function Status({ kind, word }: { kind: StatusKind; word: string }) {
  const [label, tone] = statusWords(kind, word);
  return <Badge tone={tone}>{label}</Badge>;
}
