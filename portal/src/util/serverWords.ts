// The server writes ids, times and lengths of time into its sentences. Here they are found, so that a page can show them better.

import { duration } from './days';

export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'time'; at: string }
  | { kind: 'link'; id: string; to: string };

const FOUND = /(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}[\d:.]*Z|\b\d+ s\b|\b(?:evt|cus|act)_[A-Za-z0-9]+)/g;

/** Where the page of an id is; null where it has none here. */
export function pageOf(id: string): string | null {
  if (id.startsWith('evt_')) return `/events/${id}`;
  if (id.startsWith('cus_')) return `/users/${id}`;
  if (id.startsWith('act_')) return `/approvals/${id}`;
  return null;
}

/** A sentence of the server in its parts. */
export function partsOf(words: string): Part[] {
  return words.split(FOUND).filter((part) => part !== '').map((text): Part => {
    if (/^\d{4}-.*Z$/.test(text)) return { kind: 'time', at: text };
    if (/^\d+ s$/.test(text)) return { kind: 'text', text: duration(Number(text.slice(0, -2))) };
    const to = /^[a-z]+_\w+$/.test(text) ? pageOf(text) : null;
    return to === null ? { kind: 'text', text } : { kind: 'link', id: text, to };
  });
}
