// What can be done on the page one is on, by key and by name. The palette and the sheet of shortcuts show what is registered.

import { useEffect, useId, useRef, type ReactNode } from 'react';
import { createStore, useStore } from '@/util/store';

export interface Command {
  id: string;
  label: string;
  /** Under which heading it is shown. */
  group: 'Go to' | 'On this page' | 'Actions' | 'Help';
  /** One key, keys one after the other as in `g u`, or with the command key as in `mod+k`. */
  keys?: string;
  icon?: ReactNode;
  /** Found by these words as well. */
  words?: string;
  /** Only a key: nothing for the palette. */
  isQuiet?: boolean;
  run: () => unknown;
}

const registered = createStore<ReadonlyMap<string, readonly Command[]>>(new Map());

export function allCommands(): readonly Command[] {
  return [...registered.get().values()].flat();
}

/** Every command there is at this moment. */
export function useAllCommands(): readonly Command[] {
  return [...useStore(registered).values()].flat();
}

/** Has these commands for as long as the component is there. */
export function useCommands(commands: readonly Command[]): void {
  const owner = useId();
  const latest = useRef(commands);
  const named = JSON.stringify(commands.map(({ id, label, keys }) => [id, label, keys]));
  useEffect(() => { latest.current = commands; });
  useEffect(() => {
    // What runs is what the component last drew; the list itself stays the same meanwhile.
    const stable = latest.current.map((command) => ({
      ...command,
      run: () => latest.current.find(({ id }) => id === command.id)?.run(),
    }));
    registered.set((all) => new Map(all).set(owner, stable));
    return () => {
      registered.set((all) => new Map([...all].filter(([key]) => key !== owner)));
    };
  }, [owner, named]);
}
