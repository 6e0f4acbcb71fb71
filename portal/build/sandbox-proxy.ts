// The pages of `vite` and `vite preview` in front of a sandbox: LINKY_SANDBOX says where it listens.

import { env } from 'node:process';
import type { ProxyOptions } from 'vite';

const SANDBOX = 'http://127.0.0.1:4242';

/** Hands /api on. The sandbox takes changes from its own origin only, so requests come to it as from there. */
export function sandboxProxy(): Record<string, ProxyOptions> {
  const target = env.LINKY_SANDBOX ?? SANDBOX;
  const { origin } = new URL(target);
  return { '/api': { target, changeOrigin: true, headers: { origin } } };
}
