// Customers of the demo book, and the form that is open on the page of one.

import { api, open } from './portal.js';

/** Text that would be seen at work if anything took it for markup. */
export const MARKUP = '<img src=x onerror="document.title=1"><b>bold</b>';

/** What support may refund at once here: less than a month of the dearest plan. */
export const LIMIT_CENTS = 10_000;

/** An owner sets a limit below the dearest plan. */
export async function lowerLimit(portal) {
  const tyler = await portal.signIn('tyler');
  const limits = { per_action_cents: LIMIT_CENTS, per_day_cents: 60_000, extend_days: 7 };
  await api(tyler.page, 'POST', '/policy', { role: 'support', ...limits, reason: 'A limit below the dearest plan.' });
  await tyler.close();
}

/** What somebody does with customers, on a page of theirs. */
export function desk(page) {
  const taken = new Set();
  const dialog = () => page.getByRole('dialog').last();
  const charges = async (user) => (await api(page, 'GET', `/users/${user.id}/charges`)).charges;
  const done = () => dialog().getByText('Done', { exact: true }).waitFor();
  return {
    dialog, done, charges,

    /** A customer in good standing whom no other test has, with a charge of which nothing was given back. */
    async somebody(plan) {
      const { users } = await api(page, 'GET', `/users?plan=${plan}&status=active&limit=100`);
      for (const user of users) {
        if (taken.has(user.id) || user.attention.length > 0) continue;
        const [charge] = await charges(user);
        const { subscription } = await api(page, 'GET', `/users/${user.id}`);
        if (subscription.pending_change || charge?.left.amount_cents !== charge?.amount.amount_cents || charge?.disputed) continue;
        taken.add(user.id);
        return { user, charge };
      }
      throw new Error(`nobody is left on ${plan}`);
    },

    leftOf: async (user, charge) => (await charges(user)).find(({ id }) => id === charge.id).left.amount_cents,

    /** Opens the form of what is to be done to somebody, and types a reason. */
    async begin(user, doing, reason) {
      await open(page, `/users/${user.id}?do=${doing}`);
      if (reason !== undefined) await dialog().getByLabel('Reason').fill(reason);
    },

    async fillRefund(amount, reason = 'As they asked for it.') {
      await dialog().getByLabel('Amount', { exact: true }).fill(amount);
      await dialog().getByRole('combobox', { name: 'Kind of reason' }).click();
      await page.getByRole('option', { name: 'Goodwill' }).click();
      await dialog().getByLabel('Comment').fill(reason);
    },

    /** Sends it, and waits until Stripe has carried it out. */
    async send(name) {
      await dialog().getByRole('button', { name }).click();
      await done();
      await dialog().getByRole('button', { name: 'Close' }).last().click();
      await dialog().waitFor({ state: 'detached' });
    },
  };
}

/** The refusal of a server, as the page gets it. */
export function refusal(status, code, message, request_id) {
  return { status, contentType: 'application/json', body: JSON.stringify({ error: { code, message, request_id } }) };
}
