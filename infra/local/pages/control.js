// The control page: sign up, move the clock, let things fail, and see what happened behind it.

import { showActivity } from './activity.js';
import { showDeliveries, showMails, showQueues, showRuns } from './behind.js';
import { findCustomers, showCustomers, wantedCustomers } from './customers.js';
import { showFaults } from './faults.js';
import { showHealth } from './health.js';
import { ask, complain, countMails, find, make, money, per, watch, whenChanged } from './page.js';
import { showTime, whenMoved } from './time.js';

const showPlans = whenChanged((plans) => {
  find('plans').replaceChildren(...plans.map((plan, at) => make('label', { class: 'plan' },
    make('input', { type: 'radio', name: 'plan', value: plan.key, required: true, checked: at === 0 }),
    make('span', { class: 'plan-name' }, plan.name),
    make('span', { class: 'plan-price' }, `${money(plan.price_cents)} ${per(plan.interval_months)}`))));
});

const look = watch(() => `/control/state?${wantedCustomers()}`, (state) => {
  const again = () => look();
  showTime(state);
  showPlans(state.plans);
  showCustomers(state, again);
  showFaults(state, again);
  showHealth(state.health, again);
  showActivity(state.activity);
  showDeliveries(state.deliveries);
  showQueues(state.queues, again);
  countMails(state.mails_all);
  showMails(state.mails);
  showRuns(state.invocations);
}, (state) => state.journey != null);
findCustomers(() => look());
whenMoved(() => look());

find('sign-up').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector('button');
  complain(find('sign-up-wrong'));
  button.disabled = true;
  try {
    const answer = await ask('/checkout', Object.fromEntries(new FormData(form)));
    location.assign(answer.checkout_url);
  } catch (error) {
    complain(find('sign-up-wrong'), error.message);
  }
  button.disabled = false;
});
