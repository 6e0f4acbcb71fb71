// Where a Chromium is on this machine. `node chromium.js` prints it, or fails.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { env, platform } from 'node:process';
import { fileURLToPath } from 'node:url';

const named = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const installed = platform === 'darwin'
  ? ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`)
  : [];

function runs(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first one found; CHROMIUM names another. */
export function chromium() {
  const folders = (env.PATH ?? '').split(delimiter);
  const found = folders.flatMap((folder) => named.map((name) => join(folder, name)));
  return [env.CHROMIUM, ...installed, ...found].find((file) => file && runs(file));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = chromium();
  if (!found) process.exit(1);
  console.log(found);
}
