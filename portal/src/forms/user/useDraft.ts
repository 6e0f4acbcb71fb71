import { useState } from 'react';
import { forget, keep, recall } from '@/util/storage';

/** What is typed into a form. A reload keeps it, until `clear`. */
export function useDraft<T extends object>(form: string, initial: T) {
  const place = `linky-draft:${form}`;
  const [draft, setDraft] = useState<T>(() => ({ ...initial, ...(recall('session', place) as Partial<T> | null) }));
  const set = (part: Partial<T>) => {
    setDraft((before) => {
      const after = { ...before, ...part };
      keep('session', place, after);
      return after;
    });
  };
  return { draft, set, clear: () => { forget('session', place); } };
}
