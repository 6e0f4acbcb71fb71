import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { contentPolicy } from './build/content-policy';
import { sandboxProxy } from './build/sandbox-proxy';
import { themeVariables } from './build/theme-variables';

export default defineConfig({
  base: '/app/',
  plugins: [react(), themeVariables(), contentPolicy()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  server: { host: '127.0.0.1', proxy: sandboxProxy() },
  preview: { host: '127.0.0.1', proxy: sandboxProxy() },
  test: { environment: 'happy-dom', include: ['{build,src}/**/*.test.{ts,tsx}'], restoreMocks: true },
});
