// What the person's role allows. The server decides; here it is only said before it is tried.

import { useStore } from '@/util/store';
import { ROLES } from '@/util/words';
import { session } from './session';
import type { Role } from './types';

/** The least role first, each of which may do whatever the one before may. */
export const ROLE_ORDER: readonly Role[] = ['viewer', 'support', 'billing', 'owner'];

export function isAtLeast(role: Role | null | undefined, least: Role): boolean {
  return role != null && ROLE_ORDER.indexOf(role) >= ROLE_ORDER.indexOf(least);
}

/** Why this role may not; null where it may. */
export function missingRole(role: Role | null | undefined, least: Role): string | null {
  if (isAtLeast(role, least)) return null;
  const yours = role == null ? 'You have none.' : `Yours is ${ROLES[role]}.`;
  return least === 'owner' ? `Only an Owner may do this. ${yours}` : `Needs the role ${ROLES[least]} or higher. ${yours}`;
}

/** Why the person who is signed in may not; null where they may. */
export function useMissingRole(least: Role): string | null {
  const view = useStore(session);
  return missingRole(view?.person.role, least);
}
