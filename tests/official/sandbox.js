// A sandbox of its own for each drive, with a recorder before it: what was asked and answered is what the checks look at.

import { createServer, request as ask } from 'node:http';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { project, startProcess } from '../sandbox.mjs';

export { project };

/** Where the drives leave their records for the checks. */
export const records = join(project, 'target/official');

/**
 * Starts a sandbox on a free port. `api` is where Stripe's API is served and recorded, `url` the sandbox itself; `stop` ends
 * both and writes the record of `drive`.
 */
export async function startSandbox(drive, ...more) {
  const { url, stop: stopProcess } = await startProcess(...more);
  const recorder = await startRecorder(url);
  const stop = async () => {
    await recorder.stop();
    await stopProcess();
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
