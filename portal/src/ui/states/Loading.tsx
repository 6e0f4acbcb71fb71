import { Skeleton } from '@mantine/core';
import classes from './states.module.css';

/** Stands where lines are on their way. */
export function LoadingRows({ rows = 6, height = 18 }: { rows?: number; height?: number }) {
  return (
    <div className={classes.rows} role="status">
      <span className="visually-hidden">Loading</span>
      {Array.from({ length: rows }, (_, row) => <Skeleton key={row} height={height} width={`${String(100 - ((row * 17) % 35))}%`} />)}
    </div>
  );
}

/** Stands where a page is on its way. */
export function LoadingPage() {
  return (
    <div role="status">
      <span className="visually-hidden">Loading</span>
      <Skeleton height={28} width={220} mb="lg" />
      <LoadingRows rows={8} height={22} />
    </div>
  );
}
