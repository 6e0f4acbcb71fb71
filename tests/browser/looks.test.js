// Every page fits every screen, in both colour schemes.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { picture, startBrowser, startSandbox } from './sandbox.js';

let sandbox;
let checkout;
let again;

before(async () => {
  sandbox = await startSandbox();
  const post = async (path, body) => {
    const response = await fetch(`${sandbox.url}${path}`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
    return response.json();
  };
  const begun = async (name, email) => (await post('/checkout', { name, email, plan: 'founding_member' })).checkout_url;
  for (const [name, email] of [
    ['Ada Lovelace', 'ada@example.com'],
    ['Wolfeschlegelsteinhausenbergerdorff the Elder', 'a.very.long.address.that.goes.on@a-rather-long-domain.example.com'],
  ]) {
    const page = await begun(name, email);
    await post(`/control/checkout/${page.split('/').pop()}`, { card: '4242424242424242' });
  }
  await post('/control/advance', { days: 1 });
  checkout = await begun('Grace Hopper', 'grace@example.com');
  again = await begun('Ada Lovelace', 'ada@example.com');
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
    await seen(new URL(again).pathname, 'look-in-your-mail', 'we have written to it');
    assert.deepEqual(browser.complaints, []);
  });
}
