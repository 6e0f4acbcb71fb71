// The Python of `./dev test`, with Stripe's library and a type checker.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { project } from './sandbox.js';

const program = process.env.PYTHON ?? join(project, '.dev/official/bin/python');

/** Runs Python and gives what it wrote; throws with all of it where it fails. */
export async function python(args, env = {}, input) {
  const running = promisify(execFile)(program, args, {
    cwd: project, env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env }, maxBuffer: 1 << 26,
  });
  running.child.stdin.end(input);
  try {
    const { stdout, stderr } = await running;
    return stdout + stderr;
  } catch (failed) {
    throw new Error(`python ${args.join(' ')}\n${failed.stdout}${failed.stderr}`);
  }
}
