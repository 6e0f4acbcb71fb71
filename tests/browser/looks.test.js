// Every page fits every screen, in both colour schemes.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { picture, startBrowser, startSandbox } from './sandbox.js';

let sandbox;
let checkout;

before(async () => {
  sandbox = await startSandbox();
  for (const [name, email] of [
    ['Ada Lovelace', 'ada@example.com'],
    ['Wolfeschlegelsteinhausenbergerdorff the Elder', 'a.very.long.address.that.goes.on@a-rather-long-domain.example.com'],
    ['Grace Hopper', 'grace@example.com'],
  ]) {
    const body = JSON.stringify({ name, email, plan: 'founding_member' });
    const response = await fetch(`${sandbox.url}/checkout`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    checkout = (await response.json()).checkout_url;
    if (name.startsWith('Grace')) continue;
    const card = JSON.stringify({ card: '4242424242424242' });
    await fetch(`${sandbox.url}/control/checkout/${checkout.split('/').pop()}`, { method: 'POST', body: card });
  }
  await fetch(`${sandbox.url}/control/advance`, { method: 'POST', body: '{"days":1}' });
});

after(() => sandbox?.stop());

for (const [scheme, width] of [['light', 1280], ['dark', 1280], ['light', 768], ['dark', 390]]) {
  test(`the pages fit ${width} pixels, ${scheme}`, async (it) => {
    const browser = await startBrowser({ colorScheme: scheme, viewport: { width, height: 900 } });
    it.after(() => browser.stop());
    const { page } = browser;
    const seen = async (path, name, text) => {
      await page.goto(sandbox.url + path);
      await page.getByText(text).first().waitFor();
      await picture(page, `${name}-${width}-${scheme}`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${name} is ${over} pixels too wide`);
    };
    await seen('/', 'control', 'Wolfeschlegel');
    await seen('/mailbox', 'mailbox', 'Welcome to Linky');
    await seen(new URL(checkout).pathname, 'pay', 'Subscribe to');
    assert.deepEqual(browser.complaints, []);
  });
}
