import { Fragment } from 'react';
import classes from './Keys.module.css';

const isApple = /mac|iphone|ipad/i.test(navigator.userAgent);
const NAMES: Readonly<Record<string, string>> = {
  mod: isApple ? '⌘' : 'Ctrl', Enter: '↵', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc',
};

/** Keys as they are drawn on a keyboard. */
export function Keys({ of }: { of: string }) {
  return (
    <span className={classes.keys}>
      {of.split(' ').map((step, index) => (
        <Fragment key={`${step}${String(index)}`}>
          {index > 0 && <span className={classes.then}>then</span>}
          {step.split('+').map((key) => <kbd key={key}>{NAMES[key] ?? key.toUpperCase()}</kbd>)}
        </Fragment>
      ))}
    </span>
  );
}
