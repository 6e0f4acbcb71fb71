// Filters under a name. Some come with the portal; others are kept in this browser.

import type { UsersFilter } from '@/api/users';
import { keep, recall } from '@/util/storage';
import { createStore } from '@/util/store';
import { readFilter } from './filter';

export interface SavedView {
  name: string;
  filter: UsersFilter;
}

export const BUILT_IN: readonly SavedView[] = [
  { name: 'Everybody', filter: {} },
  { name: 'Past due', filter: { attention: 'past_due' } },
  { name: 'Ending', filter: { attention: 'ending' } },
  { name: 'Differ from Stripe', filter: { attention: 'drift' } },
  { name: 'Founding members', filter: { plan: 'founding_member' } },
];

/** As many as still fit into a row that is looked over. */
export const VIEWS_MAX = 12;
export const NAME_MAX = 40;

const PLACE = 'linky-users-views';

/** Views out of the browser's storage, where anything may stand. */
export function readViews(kept: unknown): SavedView[] {
  if (!Array.isArray(kept)) return [];
  return kept.flatMap((it: unknown) => {
    const { name, filter } = (it ?? {}) as Partial<Record<string, unknown>>;
    if (typeof name !== 'string' || name === '' || typeof filter !== 'object' || filter === null) return [];
    return [{ name: name.slice(0, NAME_MAX), filter: readFilter(filter as Record<string, unknown>) }];
  }).slice(0, VIEWS_MAX);
}

export const views = createStore<readonly SavedView[]>(readViews(recall('local', PLACE)));

/** Why a view cannot be kept under this name; null where it can. */
export function nameMissing(name: string, saved: readonly SavedView[]): string | null {
  const trimmed = name.trim().toLowerCase();
  if (trimmed === '') return 'Give the view a name.';
  if ([...BUILT_IN, ...saved].some((it) => it.name.toLowerCase() === trimmed)) return 'There is a view of this name.';
  return null;
}

function set(next: readonly SavedView[]): void {
  views.set(next);
  keep('local', PLACE, next);
}

export function saveView(view: SavedView): void {
  set([...views.get(), { ...view, name: view.name.trim() }]);
}

export function forgetView(name: string): void {
  set(views.get().filter((it) => it.name !== name));
}
