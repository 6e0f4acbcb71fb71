import { expect, it, vi } from 'vitest';
import { verifyLog } from './audit';
import type { Verified } from './types';

const part = (of: Partial<Verified>): Verified => ({ chains: 1, entries: 10, broken: null, next: null, ...of });

it('asks on until the log is through, and adds up', async () => {
  const ask = vi.fn<(cursor: string | undefined) => Promise<Verified>>()
    .mockResolvedValueOnce(part({ next: 'a' })).mockResolvedValueOnce(part({ next: 'b', entries: 5 })).mockResolvedValueOnce(part({}));
  const told: number[] = [];
  const found = await verifyLog((so_far) => { told.push(so_far.entries); }, new AbortController().signal, ask);
  expect(found).toEqual({ chains: 3, entries: 25, broken: null, next: null });
  expect(told).toEqual([10, 15, 25]);
  expect(ask.mock.calls).toEqual([[undefined], ['a'], ['b']]);
});

it('ends at the first broken place', async () => {
  const broken = { actor: 'admin_1', why: 'entry 7 was changed' };
  const ask = vi.fn<(cursor: string | undefined) => Promise<Verified>>().mockResolvedValue(part({ broken, next: 'a' }));
  const found = await verifyLog(() => undefined, new AbortController().signal, ask);
  expect(found.broken).toEqual(broken);
  expect(ask).toHaveBeenCalledTimes(1);
});

it('stops when it is told to', async () => {
  const controller = new AbortController();
  const ask = vi.fn<(cursor: string | undefined) => Promise<Verified>>().mockResolvedValue(part({ next: 'a' }));
  const verifying = verifyLog(() => { controller.abort(); }, controller.signal, ask);
  await expect(verifying).rejects.toThrow();
  expect(ask).toHaveBeenCalledTimes(1);
});
