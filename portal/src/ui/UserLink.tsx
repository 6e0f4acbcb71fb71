import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** Leads to a customer. */
export function UserLink({ id, children }: { id: string; children: ReactNode }) {
  const to = `/users/${id}`;
  return <Link to={to}>{children}</Link>;
}
