import type { IconUsers } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** A place in the navigation. */
export interface Place {
  to: string;
  label: string;
  icon: typeof IconUsers;
  /** The keys that lead there: `g u`. */
  keys: string;
  /** Beside the label: a count, a dot. */
  mark?: ReactNode;
}
