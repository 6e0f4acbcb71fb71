import { expect, it, vi } from 'vitest';
import type { replay } from './health';
import { replayAll } from './replay';
import type { Replay, ReplayReport } from './types';

const told = (...ids: string[]): Replay[] => ids.map((event) => ({ event, effect: 'changes' }));
const report = (of: Partial<ReplayReport>): ReplayReport => ({ executed: true, events: [], left: 0, ...of });

it('goes on with the events that one answer had no time for', async () => {
  const send = vi.fn<typeof replay>()
    .mockResolvedValueOnce(report({ events: told('evt_1', 'evt_2'), left: 1 })).mockResolvedValueOnce(report({ events: told('evt_3') }));
  const done = await replayAll({ events: ['evt_1', 'evt_2', 'evt_3'] }, 'Mended', () => undefined, send);
  expect(done.map((it) => it.event)).toEqual(['evt_1', 'evt_2', 'evt_3']);
  expect(send.mock.calls[1]).toEqual([{ events: ['evt_3'] }, 'Mended']);
});

it('goes on with a filter where the server came to', async () => {
  const matching = { from: '2026-11-25T00:00:00.000Z', to: '2026-11-26T00:00:00.000Z' };
  const send = vi.fn<typeof replay>()
    .mockResolvedValueOnce(report({ events: told('evt_1'), left: 4, next: 'evt_1' })).mockResolvedValueOnce(report({ events: told('evt_2') }));
  const progress: number[] = [];
  await replayAll({ matching }, 'Mended', (done) => { progress.push(done); }, send);
  expect(send.mock.calls[1]?.[0]).toEqual({ matching: { ...matching, starting_after: 'evt_1' } });
  expect(progress).toEqual([1, 2]);
});

it('does not ask forever for what is not done', async () => {
  const send = vi.fn<typeof replay>().mockResolvedValue(report({ left: 3 }));
  await replayAll({ events: ['evt_1', 'evt_2', 'evt_3'] }, 'Mended', () => undefined, send);
  expect(send).toHaveBeenCalledTimes(1);
});
