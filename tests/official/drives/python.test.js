// The drives by Stripe's Python library, in drives/python, on a sandbox of their own.

import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { python } from '../python.js';
import { startSandbox } from '../sandbox.js';

test('the Python library drives every call', async (context) => {
  const sandbox = await startSandbox('python');
  context.after(() => sandbox.stop());
  const drives = join(dirname(fileURLToPath(import.meta.url)), 'python');
  const told = await python(['-m', 'unittest', 'discover', '--start-directory', drives], {
    STRIPE_API: sandbox.api,
    SANDBOX_URL: sandbox.url,
  });
  context.diagnostic(told.split('\n').find((line) => line.startsWith('Ran ')));
});
