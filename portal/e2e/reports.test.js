// The reports: which days, in one number each, as charts, as tables and as files.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { look } from './looks.js';
import { api, open, quiet, startPortal } from './portal.js';

const CHARTS = [
  'Monthly recurring revenue', 'What changed monthly recurring revenue?', 'Customers by plan', 'Do founding members stay?', 'How many customers leave?',
  'Are failed payments recovered?', 'How much is refunded?', 'Chargebacks, and what card networks allow', 'What became of webhooks?',
  'How long are webhooks on their way?',
];

const REPORTS = /\/api\/admin\/reports/;

/** The demo book, and what is on its way of it, is counted to the end once the hour is over. */
const COUNTED_MS_MAX = 30_000;

let portal, vera, days;

before(async () => {
  portal = await startPortal();
  await portal.control('advance', { minutes: 60 });
  vera = await portal.signIn('vera');
  const late_ms = Date.now() + COUNTED_MS_MAX;
  do ({ days } = await api(vera.page, 'GET', '/reports')); while (days.length === 0 && Date.now() < late_ms);
  assert.ok(days.length > 0, 'nothing was counted');
});

after(() => portal?.stop());

const dollars = (cents) => (cents / 100).toLocaleString('en-US', { style: 'currency', currency: 'USD' });
const button = (name) => vera.page.getByRole('button', { name, exact: true });
const rowsOf = (name) => vera.page.getByRole('table', { name, exact: true }).getByRole('row');

async function fileOf(chart) {
  const [file] = await Promise.all([vera.page.waitForEvent('download'), button(`CSV: ${chart}`).click()]);
  const [head, ...lines] = (await readFile(await file.path(), 'utf8')).replace('\uFEFF', '').trimEnd().split('\r\n');
  return { name: file.suggestedFilename(), head: head.split(','), lines: lines.map((line) => line.split(',')) };
}

test('the days on top are those of the last ninety, as the API counts them', async () => {
  await open(vera.page, '/reports');
  const figures = vera.page.getByLabel('What these days come to');
  await figures.getByText(dollars(days.at(-1).mrr_cents), { exact: true }).waitFor();
  const paid = days.reduce((sum, { payments }) => sum + payments.paid.cents, 0);
  await figures.getByText(dollars(paid), { exact: true }).waitFor();
  await vera.page.getByText(/is counted until \d\d:\d\d UTC so far/).waitFor();
});

test('other days are another address, and the way back leads back', async () => {
  await open(vera.page, '/reports');
  await vera.page.getByRole('link', { name: '30 days' }).click();
  await vera.page.waitForURL(/range=30_days/);
  await button('Table: Customers by plan').click();
  // Thirty days are shown day by day.
  assert.match(await rowsOf('Customers by plan').nth(1).innerText(), /^\d+ \w+ \d{4}, so far/);
  await vera.page.getByRole('link', { name: 'Monthly' }).click();
  await vera.page.waitForURL(/by=month/);
  await vera.page.getByRole('rowheader', { name: /^\w+ \d{4}, so far$/ }).waitFor();
  await vera.page.goBack();
  await vera.page.waitForURL((at) => !at.search.includes('by='));
  await vera.page.goBack();
  await vera.page.waitForURL((at) => at.search === '');
});

test('days of one’s own are shown once they make sense', async () => {
  await open(vera.page, '/reports');
  const [from, to] = [days.at(-40).day, days.at(-20).day];
  await button('Other days').click();
  await vera.page.getByLabel('First day').fill(to);
  await vera.page.getByLabel('Last day').fill(from);
  await button('Show').click();
  await vera.page.getByText('The first day is after the last one.').waitFor();
  await vera.page.getByLabel('First day').fill(from);
  await vera.page.getByLabel('Last day').fill(to);
  await button('Show').click();
  await vera.page.waitForURL((at) => at.searchParams.get('from') === from && at.searchParams.get('to') === to);
  await vera.page.getByLabel('What these days come to').getByText(dollars(days.at(-20).mrr_cents), { exact: true }).waitFor();
});

test('each chart has its table', async () => {
  await open(vera.page, '/reports?range=12_months');
  for (const chart of CHARTS) {
    await button(`Table: ${chart}`).click();
    await vera.page.getByRole('table', { name: chart, exact: true }).waitFor();
    await button(`Chart: ${chart}`).waitFor();
  }
});

test('a file has the numbers of its chart, as numbers', async () => {
  await open(vera.page, `/reports?from=${days.at(-30).day}&to=${days.at(-1).day}&by=day`);
  const { name, head, lines } = await fileOf('What changed monthly recurring revenue?');
  assert.equal(name, `mrr-changes-${days.at(-30).day}-to-${days.at(-1).day}.csv`);
  assert.deepEqual(head.slice(0, 9), [
    'From (UTC)', 'To (UTC)', 'Complete', 'New (USD)', 'Upgrades (USD)', 'Recovered (USD)', 'Downgrades (USD)', 'Churn (USD)', 'In all (USD)',
  ]);
  const shown = days.slice(-30);
  assert.deepEqual(lines.map(([from]) => from), shown.map(({ day }) => day));
  assert.deepEqual(lines.map(([, , isComplete]) => isComplete), shown.map(({ closed }) => (closed ? 'yes' : 'no')));
  assert.deepEqual(lines.map((line) => Number(line[7])), shown.map(({ movements }) => (movements.churn?.cents ?? 0) / 100));
  // What changed it makes the revenue of each day out of that of the day before.
  const revenue = await fileOf('Monthly recurring revenue');
  const cents = (text) => Math.round(Number(text) * 100);
  revenue.lines.slice(1).forEach((line, at) => {
    assert.equal(cents(line[3]) - cents(revenue.lines[at][3]), cents(lines[at + 1][8]), line[0]);
  });
});

test('a chart is gone through by keys, and says each step', async () => {
  await open(vera.page, '/reports?range=12_months');
  const chart = vera.page.getByRole('application', { name: 'Customers by plan' });
  await chart.focus();
  await vera.page.keyboard.press('ArrowRight');
  await vera.page.getByRole('status').filter({ hasText: 'In all' }).filter({ hasText: /\w+ \d{4}/ }).waitFor();
});

test('each network’s marks are named with the month that is held against them', async () => {
  const networks = vera.page.getByRole('table', { name: /^By the networks’ rules/ });
  const programmes = ['Visa VAMP, excessive: 1.50% and 1,500 cases', 'Mastercard ECM, excessive: 1.50% and 100 cases',
    'Mastercard HECM, high excessive: 3.00% and 300 cases'];
  for (const marks of programmes) {
    await networks.getByRole('rowheader', { name: marks, exact: true }).waitFor();
  }
  const month = days.at(-1).day.slice(0, 7);
  const cases = days.reduce((sum, { day, disputes }) => sum + (day.startsWith(month) ? disputes.count : 0), 0);
  await networks.getByRole('row', { name: new RegExp(`^Visa .*, ${cases} cases?$`) }).waitFor();
});

test('where nothing was counted it says so, and where nothing is told it offers to ask again', async () => {
  await open(vera.page, '/reports?from=2020-01-01&to=2020-02-01');
  await vera.page.getByText('Nothing was counted in these days').waitFor();
  await vera.page.route(REPORTS, (route) => route.fulfill({ status: 503, json: {} }));
  await open(vera.page, '/reports');
  await vera.page.getByRole('alert').getByText('Our side failed').waitFor();
  const asked = vera.page.waitForRequest(REPORTS);
  await button('Try again').click();
  await asked;
  // It asks by itself as well: whichever comes first.
  await vera.page.unroute(REPORTS);
  await vera.page.getByLabel('What these days come to').waitFor();
});

test('without a fault in any width and theme: charts, tables, and the choice of days', async () => {
  const { page } = vera;
  await open(page, '/reports?range=12_months');
  await page.getByRole('application', { name: CHARTS.at(-1) }).waitFor();
  const faults = await look(page, 'reports');
  await button('Other days').click();
  await button('Show').waitFor();
  faults.push(...await look(page, 'reports-days'));
  await page.keyboard.press('Escape');
  for (const chart of CHARTS) await button(`Table: ${chart}`).click();
  // What is half below the head of the portal is too small to be hit.
  await page.evaluate(() => { scrollTo(0, 0); });
  faults.push(...await look(page, 'reports-tables'));
  assert.deepEqual(faults, []);
});

test('nothing was logged as an error, and nobody else was asked', () => {
  assert.deepEqual(quiet(vera.complaints), []);
});
