// Answers may arrive in another order than they were asked for. What the page shows is the latest.

import { after, before, test } from 'node:test';
import { startBrowser, startSandbox } from './sandbox.js';

let sandbox;
let browser;

before(async () => {
  sandbox = await startSandbox();
  browser = await startBrowser();
});

after(async () => {
  await browser?.stop();
  await sandbox?.stop();
});

test('an answer from the middle of a journey, late, does not take back that it ended', async () => {
  const { page } = browser;
  await page.goto(sandbox.url);
  const end = page.getByText('Moved on by 1 hour');
  let arrive;
  const arrived = new Promise((resolve) => { arrive = resolve; });
  await page.route('**/control/state?*', async (route) => {
    const state = await (await route.fetch()).json();
    await end.waitFor();
    const journey = { from: state.now, at: state.now, to: '2099-01-01T00:00:00Z', stops: 1, webhooks: 0, renewals: 0 };
    await route.fulfill({ json: { ...state, journey } });
    arrive();
  }, { times: 1 });
  await page.getByRole('button', { name: '+ 1 hour' }).click();
  await arrived;
  await page.waitForResponse('**/control/state?*');
  await end.waitFor({ timeout: 2_000 });
});
