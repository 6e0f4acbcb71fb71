export interface Change {
  /** Where it is: `limits.per_day_cents`, `concerns.0`. */
  path: string;
  kind: 'added' | 'removed' | 'changed' | 'same';
  before: unknown;
  after: unknown;
}

/** Levels that are looked into. Deeper values are compared whole. */
const DEPTH_MAX = 6;

const isTree = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** What is different between two JSON values, leaf by leaf, in the order of the later one. */
export function changes(before: unknown, after: unknown, path = '', depth = 0): Change[] {
  if (isTree(before) && isTree(after) && Array.isArray(before) === Array.isArray(after) && depth < DEPTH_MAX) {
    const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])];
    return keys.flatMap((key) => changes(before[key], after[key], path === '' ? key : `${path}.${key}`, depth + 1));
  }
  const one = isTree(before) ? before : isTree(after) ? after : null;
  const isOneSided = before === undefined || before === null || after === undefined || after === null;
  if (one !== null && isOneSided && depth < DEPTH_MAX && Object.keys(one).length > 0) {
    return Object.keys(one).flatMap((key) => changes(
      isTree(before) ? before[key] : undefined, isTree(after) ? after[key] : undefined, path === '' ? key : `${path}.${key}`, depth + 1,
    ));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return before === undefined ? [] : [{ path, kind: 'same', before, after }];
  const kind = before === undefined || before === null ? 'added' : after === undefined || after === null ? 'removed' : 'changed';
  return [{ path, kind, before, after }];
}
