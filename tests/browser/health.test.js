// What a person sees of how everything does: each part with its state, an alert that opens and ends, and that it was told.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, picture, startBrowser, startSandbox } from './sandbox.js';

let sandbox;
let browser;
let page;

before(async () => {
  sandbox = await startSandbox();
  browser = await startBrowser();
  page = browser.page;
  await page.goto(sandbox.url);
});

after(async () => {
  await browser?.stop();
  await sandbox?.stop();
});

const part = (name) => page.getByRole('list', { name: 'Parts' }).getByRole('listitem').filter({ hasText: name });
const alerts = () => page.getByRole('list', { name: 'Open alerts' }).getByRole('listitem');

async function setEndpoint(disabled) {
  const headers = { authorization: 'Bearer sk_test_any' };
  const url = `${sandbox.url}/v1/webhook_endpoints`;
  const { data: [endpoint] } = await (await fetch(url, { headers })).json();
  const body = new URLSearchParams({ disabled: String(disabled) });
  const response = await fetch(`${url}/${endpoint.id}`, { method: 'POST', headers, body });
  assert.equal(response.status, 200);
}

const measure = () => page.getByRole('button', { name: 'Measure now' }).click();

test('a disabled endpoint is failing, says what to do, is told, and is well again once it is mended', async () => {
  await page.getByText('Nothing was measured yet.').waitFor();
  assert.equal((await fetch(`${sandbox.url}/health`)).status, 503);
  await measure();
  await part('endpoint').getByText('ok', { exact: true }).waitFor();
  await page.getByText('No alert is open.').waitFor();
  assert.equal((await fetch(`${sandbox.url}/health`)).status, 200);

  await setEndpoint(true);
  await measure();
  await part('endpoint').getByText('failing', { exact: true }).waitFor();
  await part('endpoint').getByText('Set it right in Stripe').waitFor();
  await alerts().filter({ hasText: 'it is disabled' }).getByText('critical').waitFor();
  await page.getByRole('link', { name: 'Health 1' }).waitFor();
  const refused = await fetch(`${sandbox.url}/health`);
  assert.equal(refused.status, 503);
  assert.deepEqual(await refused.json(), { status: 'failing' });
  await picture(page, 'health-failing');

  await page.goto(`${sandbox.url}/mailbox`);
  await page.getByText('Linky billing, Critical').first().click();
  await page.getByText('administrators').first().waitFor();
  await page.getByText('What to do: Set it right').waitFor();

  await page.goto(sandbox.url);
  await setEndpoint(false);
  await measure();
  await part('endpoint').getByText('ok', { exact: true }).waitFor();
  await page.getByText('No alert is open.').waitFor();
  await ask(`${sandbox.url}/control/advance`, { hours: 2 });
  const { mails } = await ask(`${sandbox.url}/control/mails`);
  assert.ok(mails.some((mail) => mail.subject.startsWith('Linky billing, Resolved')), JSON.stringify(mails));
  assert.deepEqual(browser.complaints.filter((words) => !words.includes('503')), []);
});
