// A sandbox started as a process of its own, for the tests that drive it from outside.

import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { env } from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const project = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The program that is tested. */
export const binary = env.SANDBOX ?? join(project, 'target/debug/sandbox');

/** Longest time a sandbox takes to answer. It starts in well under two seconds; a busy machine may need more. */
const START_MS_MAX = 20_000;

/** Starts a sandbox on a free port, empty unless `--demo` is asked for: `{ url, process, stop() }`. */
export async function startProcess(...more) {
  if (!more.includes('--demo')) more.push('--no-demo');
  const child = spawn(binary, ['--port', '0', '--project', project, ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the sandbox did not start')), START_MS_MAX);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the sandbox ended with ${code}`)));
    createInterface(child.stdout).on('line', (line) => {
      const address = /Control page\s+(\S+)/.exec(line);
      if (address) {
        clearTimeout(late);
        resolve(address[1]);
      }
    });
  });
  const stop = () => new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', resolve);
    child.kill('SIGINT');
  });
  return { url, process: child, stop };
}
