import { keep, recall } from './storage';

/** Two reloads nearer than this are not because of a new version. */
const AGAIN_MS = 60_000;
const PLACE = 'linky-reloaded';

/** A page that was replaced by a newer version asks for files that are gone. The newer one is loaded, once. */
export function reloadAfterDeploy(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const last_ms = recall('session', PLACE);
    if (typeof last_ms === 'number' && Date.now() - last_ms < AGAIN_MS) return;
    event.preventDefault();
    keep('session', PLACE, Date.now());
    window.location.reload();
  });
}
