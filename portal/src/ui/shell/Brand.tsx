import classes from './Shell.module.css';

/** The mark and the name. */
export function Brand() {
  return (
    <span className={classes.brand}>
      <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden>
        <rect width="32" height="32" rx="8" fill="var(--mantine-color-spruce-7)" />
        <path d="M11 8v13a3 3 0 0 0 3 3h8" fill="none" stroke="#fff" strokeWidth="4" strokeLinecap="round" />
        <circle cx="21" cy="12" r="3.2" fill="var(--mantine-color-spruce-2)" />
      </svg>
      Linky <span className={classes.brandPart}>billing</span>
    </span>
  );
}
