import { IconKeyboard, IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { createStore, useStore } from '@/util/store';
import { isHeld, listenToKeys } from './keyboard';
import { useCommands } from './registry';

// Both come when they are first asked for: they are not needed to see a page.
const ShortcutSheet = lazy(() => import('./ShortcutSheet'));
const Palette = lazy(async () => {
  try {
    const [module, { paletteActions }] = await Promise.all([import('./Palette'), import('./palette-store')]);
    setTimeout(paletteActions.open);
    return module;
  } finally {
    setTimeout(() => { isHeld.set(false); });
  }
});

const wanted = createStore(false);

export function openPalette(): void {
  if (!wanted.get()) {
    isHeld.set(true);
    wanted.set(true);
  } else void import('./palette-store').then(({ paletteActions }) => { paletteActions.toggle(); });
}

/** Listens to keys, and has the palette and the sheet of shortcuts. Once for the signed-in part of the portal. */
export function CommandCenter() {
  const [isSheetOpen, setSheetOpen] = useState(false);
  const isWanted = useStore(wanted);
  useEffect(listenToKeys, []);
  useCommands([
    { id: 'palette', label: 'Search people, pages and actions', group: 'Help', keys: 'mod+k', icon: <IconSearch size={18} />, run: openPalette },
    { id: 'shortcuts', label: 'Keyboard shortcuts', group: 'Help', keys: '?', icon: <IconKeyboard size={18} />, run: () => { setSheetOpen(true); } },
  ]);
  return (
    <>
      {isSheetOpen && <Suspense fallback={null}><ShortcutSheet opened onClose={() => { setSheetOpen(false); }} /></Suspense>}
      {isWanted && <Suspense fallback={null}><Palette /></Suspense>}
    </>
  );
}
