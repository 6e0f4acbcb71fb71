import { getRouteApi } from '@tanstack/react-router';
import type { Doing } from '@/forms/user/offers';

const route = getRouteApi('/inside/users/$id');

export type Begin = (doing: Doing, charge?: string) => void;

/** Which form is open, by the address. */
export function useDoing() {
  const { do: doing, charge } = route.useSearch();
  const navigate = route.useNavigate();
  const begin: Begin = (next, of) => { void navigate({ search: (now) => ({ ...now, do: next, charge: of }), resetScroll: false }); };
  const end = () => { void navigate({ search: (now) => ({ kind: now.kind }), replace: true, resetScroll: false }); };
  return { doing, charge, begin, end };
}
