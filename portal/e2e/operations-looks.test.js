// Approvals, health, the audit log and staff as they look: pictures for people, and axe, in both themes.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { api, open, picture, startPortal } from './portal.js';

const axe = await readFile(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

let portal, action, event, day;

before(async () => {
  portal = await startPortal();
  const sam = await portal.signIn('sam');
  const { users } = await api(sam.page, 'GET', '/users?status=active&limit=5');
  const order = { operation: 'credit', amount_cents: 25_000 };
  ({ id: action } = await api(sam.page, 'POST', `/users/${users[0].id}/subscription`, { order, reason: 'Three weeks of outage in October.' }));
  ([{ id: event }] = (await api(sam.page, 'GET', '/events')).events);
  ([{ day }] = (await api(sam.page, 'GET', '/runs')).runs);
  await sam.close();
});

after(() => portal?.stop());

const click = (name, exact = false) => (page) => page.getByRole('button', { name, exact }).first().click();

/** Every page, and every dialog by the way to it. */
const VIEWS = [
  ['approvals', '/approvals'],
  ['approvals-all', '/approvals?show=all'],
  ['approval', () => `/approvals/${action}`],
  ['approval-approve', () => `/approvals/${action}`, click('Approve')],
  ['approval-reject', () => `/approvals/${action}`, click('Reject')],
  ['approval-none', '/approvals/act_00000000000000000000000000000000'],
  ['health', '/health'],
  ['health-alerts', '/health/alerts'],
  ['health-acknowledge', '/health/alerts', click(/^Acknowledge/)],
  ['health-events', '/health/events'],
  ['health-filter', '/health/events', click('Replay by filter')],
  ['health-deliveries', '/health/deliveries'],
  ['health-runs', '/health/runs'],
  ['health-run', () => `/health/runs/${day}`],
  ['event', () => `/events/${event}`],
  ['event-replay', () => `/events/${event}`, click('Replay')],
  ['audit', '/audit'],
  ['audit-verified', '/audit', click('Verify the log')],
  ['audit-entry', '/audit?actor=operator', click('Make the first owner')],
  ['staff', '/staff'],
  ['staff-invite', '/staff', click('Invite somebody')],
  ['staff-limits', '/staff', click('Change the limits of Support')],
  ['staff-role', '/staff', async (page) => {
    await click('Change Vera Lind')(page);
    await page.getByRole('menuitem', { name: 'Change role…' }).click();
  }],
];

for (const colorScheme of ['light', 'dark']) {
  for (const width of [390, 1024, 1440]) {
    test(`every page and dialog is without a fault at ${width} pixels, ${colorScheme}`, async () => {
      const { page, complaints, close } = await portal.signIn('tyler', { width, height: 900, colorScheme });
      const faults = [];
      for (const [name, path, go] of VIEWS) {
        await open(page, typeof path === 'string' ? path : path());
        await go?.(page);
        if (go) await page.getByRole('dialog').or(page.getByText('The log is whole.')).first().waitFor();
        // Skeletons are gone, and what slides in has come to rest.
        await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
        await page.waitForTimeout(300);
        await picture(page, `${name}-${width}-${colorScheme}`);
        faults.push(...await faultsOf(page, name, width));
      }
      assert.deepEqual([...faults, ...complaints], []);
      await close();
    });
  }
}

/** What axe finds, and whether the page is wider than its window. */
async function faultsOf(page, name, width) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const wide = overflow > 0 ? [`${name}: ${overflow} pixels too wide`] : [];
  // In between it is the same as at one of the ends.
  if (width === 1024) return wide;
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  const faults = violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  return [...wide, ...faults];
}
