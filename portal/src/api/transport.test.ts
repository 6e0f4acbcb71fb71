import { beforeEach, describe, expect, it, vi } from 'vitest';
import { challenges } from './challenge';
import { ApiError, NetworkError } from './error';
import { session } from './session';
import { send } from './transport';
import type { SessionView } from './types';

const VIEW: SessionView = {
  id: 'session_1', stage: 'signed_in', person: { id: 'admin_1', name: 'Mara', email: 'mara@example.com', role: 'billing' },
  ends_at: '2026-11-26T10:00:00.000Z', lasts_until: '2026-11-26T20:00:00.000Z', stepped_up_until: null, recovery_codes_left: 8,
};
const ok = () => new Response('{"done":true}', { status: 200 });
const refused = (status: number, code: string) => new Response(JSON.stringify({ error: { code, message: 'Words.', request_id: 'r' } }), { status });

/** Answers one after the other, and keeps what was sent. */
function server(...answers: (() => Response | Promise<never>)[]) {
  const sent: { client: string | null; body: string }[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push({ client: request.headers.get('x-linky-client'), body: await request.text() });
    return (answers.shift() ?? ok)();
  });
  return sent;
}

const refund = () => new Request('http://127.0.0.1/api/admin/users/cus_1/refunds', { method: 'POST', body: '{"amount_cents":1}' });

describe('sending', () => {
  beforeEach(() => {
    session.set(VIEW);
    challenges.sign_in.end(false);
    challenges.step_up.end(false);
  });

  it('tells that a page of ours asks', async () => {
    const sent = server(ok);
    await send(refund());
    expect(sent).toEqual([{ client: 'portal', body: '{"amount_cents":1}' }]);
  });

  it.each([[403, 'step_up_required', 'step_up'], [401, 'session_idle', 'sign_in'], [401, 'signed_out', 'sign_in']] as const)(
    'waits on %i %s, and sends the same again', async (status, code, kind) => {
      const sent = server(() => refused(status, code), ok);
      const answer = send(refund());
      await vi.waitFor(() => { expect(challenges[kind].asked.get()?.code).toBe(code); });
      challenges[kind].end(true);
      expect((await answer).status).toBe(200);
      expect(sent.map((it) => it.body)).toEqual(['{"amount_cents":1}', '{"amount_cents":1}']);
    });

  it('gives the refusal back where the person will not', async () => {
    const sent = server(() => refused(403, 'step_up_required'));
    const answer = send(refund());
    await vi.waitFor(() => { expect(challenges.step_up.asked.get()).not.toBeNull(); });
    challenges.step_up.end(false);
    await expect(answer).rejects.toMatchObject({ status: 403, code: 'step_up_required' });
    expect(sent).toHaveLength(1);
  });

  it('leaves what a form of the sign-in is told to that form', async () => {
    server(() => refused(401, 'wrong_password'), () => refused(401, 'session_ended'));
    for (const path of ['/api/sign-in', '/api/session/step-up']) {
      await expect(send(new Request(`http://127.0.0.1${path}`, { method: 'POST', body: '{}' }))).rejects.toBeInstanceOf(ApiError);
    }
    expect(challenges.sign_in.asked.get()).toBeNull();
  });

  it('asks nobody who was never signed in', async () => {
    session.set(null);
    server(() => refused(401, 'signed_out'));
    await expect(send(refund())).rejects.toMatchObject({ status: 401 });
    expect(challenges.sign_in.asked.get()).toBeNull();
  });

  it('tells a lost connection from a refusal, and sends nothing twice', async () => {
    const sent = server(() => Promise.reject(new TypeError('Failed to fetch')));
    await expect(send(refund())).rejects.toBeInstanceOf(NetworkError);
    expect(sent).toHaveLength(1);
  });

  it('gives up where challenges do not end', async () => {
    const sent = server(...Array.from({ length: 9 }, () => () => refused(403, 'step_up_required')));
    const stop = challenges.step_up.asked.subscribe(() => {
      if (challenges.step_up.asked.get() !== null) queueMicrotask(() => { challenges.step_up.end(true); });
    });
    await expect(send(refund())).rejects.toMatchObject({ code: 'step_up_required' });
    expect(sent).toHaveLength(5);
    stop();
  });
});
