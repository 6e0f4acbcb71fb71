// A sandbox of its own for each drive, with a recorder before it: what was asked and answered is what the checks look at.

import { spawn } from 'node:child_process';
import { createServer, request as ask } from 'node:http';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const project = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Where the drives leave their records for the checks. */
export const records = join(project, 'target/official');

const binary = process.env.SANDBOX ?? join(project, 'target/debug/sandbox');

/** Longest time a sandbox takes to answer. It starts in well under two seconds; a busy machine may need more. */
const START_MS_MAX = 20_000;

/**
 * Starts a sandbox on a free port. `api` is where Stripe's API is served and recorded, `url` the sandbox itself; `stop` ends
 * both and writes the record of `drive`.
 */
export async function startSandbox(drive, ...more) {
  const child = spawn(binary, ['--port', '0', '--no-demo', '--project', project, ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
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
  const recorder = await startRecorder(url);
  const stop = async () => {
    await recorder.stop();
    await new Promise((resolve) => {
      child.removeAllListeners('exit');
      child.once('exit', resolve);
      child.kill('SIGINT');
    });
    await mkdir(join(records, 'calls'), { recursive: true });
    await writeFile(join(records, 'calls', `${drive}.json`), JSON.stringify(recorder.calls, null, 1));
  };
  /** The control API: what no library can do, such as moving the clock. */
  const control = async (call, body) => {
    const response = await fetch(`${url}/control/${call}`, body && { method: 'POST', body: JSON.stringify(body) });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${call}: ${answer.error}`);
    return answer;
  };
  return { api: recorder.url, url, control, stop };
}

/** Hands every request on to `upstream` and keeps it with its answer. */
async function startRecorder(upstream) {
  const calls = [];
  const { hostname, port } = new URL(upstream);
  const server = createServer(async (incoming, outgoing) => {
    const body = Buffer.concat(await incoming.toArray());
    const { method, url: path, headers } = incoming;
    const forwarded = ask({ hostname, port, method, path, headers }, async (answered) => {
      const answer = Buffer.concat(await answered.toArray());
      calls.push({
        method,
        path,
        body: body.toString(),
        client: clientOf(headers['user-agent']),
        status: answered.statusCode,
        answer: JSON.parse(answer.toString()),
      });
      outgoing.writeHead(answered.statusCode, answered.headers).end(answer);
    });
    forwarded.once('error', (error) => outgoing.destroy(error));
    forwarded.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, calls, stop };
}

/** Who called: the official clients name themselves. */
function clientOf(agent = '') {
  const [, name] = /^Stripe\/v1 (Node|Python)Bindings\/|^Stripe\/v1 (stripe-cli)\//.exec(agent) ?? [];
  return (name ?? (agent.includes('stripe-cli') ? 'cli' : agent)).toLowerCase();
}
