// Which command a key is: alone, or as the second of two.

import { createStore } from '@/util/store';
import { allCommands, type Command } from './registry';

/** The second key has to come this soon. */
const NEXT_KEY_MS = 1_200;

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** A key as commands name it; null for what is the browser's. */
export function keyName({ key, ctrlKey, metaKey, altKey }: Pressed): string | null {
  if (altKey || ['Shift', 'Control', 'Meta', 'Alt'].includes(key)) return null;
  const name = key.length === 1 ? key.toLowerCase() : key;
  return ctrlKey || metaKey ? `mod+${name}` : name;
}

/** What comes of a key after `before`: a command, or a beginning that waits for the next one. */
export function commandOf(commands: readonly Command[], before: string, key: string): { command?: Command; pending: string } {
  const keys = before === '' ? key : `${before} ${key}`;
  const command = commands.findLast((it) => it.keys === keys);
  if (command) return { command, pending: '' };
  if (commands.some((it) => it.keys?.startsWith(`${keys} `))) return { pending: keys };
  // A key that ends no sequence may begin one, or be a command itself.
  return before === '' ? { pending: '' } : commandOf(commands, '', key);
}

/** Whether what is typed is text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio], [type=button]), textarea, select');
}

/** Something that is typed into is on its way: what is typed meanwhile is no command. */
export const isHeld = createStore(false);

/** Runs commands by their keys, until it is called off. */
export function listenToKeys(): () => void {
  let pending = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const pressed = (event: KeyboardEvent) => {
    const key = keyName(event);
    if (key === null || event.defaultPrevented) return;
    const isPlain = !key.startsWith('mod+');
    if (isPlain && (isHeld.get() || isTyping(event.target) || document.querySelector('[role=dialog][aria-modal=true]') !== null)) return;
    clearTimeout(timer);
    const { command, pending: next } = commandOf(allCommands(), pending, key);
    pending = next;
    if (pending !== '') timer = setTimeout(() => { pending = ''; }, NEXT_KEY_MS);
    if (!command) return;
    event.preventDefault();
    command.run();
  };
  window.addEventListener('keydown', pressed);
  return () => {
    clearTimeout(timer);
    window.removeEventListener('keydown', pressed);
  };
}
