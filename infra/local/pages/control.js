// The control page: sign up, move the clock, and see what happened behind it.

import { findCustomers, showCustomers, wantedCustomers } from './customers.js';
import {
  ask, complain, countMails, day, find, list, make, moment, money, per, time, took, watch, whenChanged,
} from './page.js';

const showPlans = whenChanged((plans) => {
  find('plans').replaceChildren(...plans.map((plan, at) => make('label', { class: 'plan' },
    make('input', { type: 'radio', name: 'plan', value: plan.key, required: true, checked: at === 0 }),
    make('span', { class: 'plan-name' }, plan.name),
    make('span', { class: 'plan-price' }, `${money(plan.price_cents)} ${per(plan.interval_months)}`))));
});

// What became of an event: what is on record of it by now, and before that what the function answered.
function outcome(delivery) {
  let answered;
  try {
    const answer = JSON.parse(delivery.answer);
    answered = answer.outcome ?? answer.error?.message ?? answer.message;
  } catch {
    answered = delivery.answer;
  }
  const { outcome: now } = delivery;
  return answered && now && answered !== now ? `${answered}, then ${now}` : now ?? answered ?? '';
}

const showDeliveries = whenChanged((deliveries) => {
  list(find('deliveries'), find('no-deliveries'), deliveries.map((delivery) => make('tr', {},
    make('td', { class: 'faint' }, moment(delivery.at)),
    make('td', {}, make('code', { title: delivery.event_id }, delivery.event_type)),
    make('td', {}, make('span', { class: `badge ${delivery.status < 300 ? 'good' : 'bad'}` }, String(delivery.status))),
    make('td', {}, outcome(delivery)),
    make('td', { class: 'number' }, String(delivery.attempt)),
    make('td', { class: 'number faint' }, took(delivery.duration_us)))));
  find('deliveries').closest('.scroll').hidden = deliveries.length === 0;
});

const showQueues = whenChanged((queues) => {
  find('queues').replaceChildren(...queues.map((queue) => make('tr', {},
    make('td', {}, make('code', {}, queue.name)),
    make('td', { class: 'number' }, String(queue.visible + queue.delayed)),
    make('td', { class: 'number' }, String(queue.in_flight)))));
});

const showMails = whenChanged((mails) => {
  countMails(mails);
  list(find('mails'), find('no-mails'), mails.slice(0, 8).map((mail) => make('li', {},
    make('a', { href: `/mailbox#${mail.number}` }, mail.subject || 'No subject'),
    make('span', { class: 'faint' }, `${mail.to.join(', ')} · ${moment(mail.at)}`))));
});

const showRuns = whenChanged((runs) => {
  list(find('runs'), find('no-runs'), runs.slice(0, 8).map((run) => make('li', {},
    make('span', {}, make('code', {}, run.function), ' ',
      make('span', { class: `badge ${run.failure ? 'bad' : 'good'}` }, run.failure ? 'failed' : 'ok')),
    make('span', { class: 'faint' }, run.failure ?? `${moment(run.started_at)} · ${took(run.duration_us)}`))));
});

function showTime({ now, journey }) {
  find('clock-day').textContent = day(now);
  find('clock-time').textContent = time(now);
  for (const button of document.querySelectorAll('[data-leap]')) button.disabled = journey != null;
  find('progress').hidden = journey == null;
  if (!journey) {
    // Whoever moved the clock says that it has arrived; the demo book does not.
    if (find('journey').textContent.startsWith('On the way')) find('journey').textContent = '';
    return;
  }
  const [from, to, at] = [journey.from, journey.to, journey.at].map((moment) => new Date(moment).getTime());
  find('progress').value = Math.round((1000 * (at - from)) / Math.max(1, to - from));
  find('journey').textContent = `On the way to ${day(journey.to)}: ${journey.stops} moments at which something was due.`;
}

const look = watch(() => `/control/state?${wantedCustomers()}`, (state) => {
  showTime(state);
  showPlans(state.plans);
  showCustomers(state, () => look());
  showDeliveries(state.deliveries);
  showQueues(state.queues);
  showMails(state.mails);
  showRuns(state.invocations);
}, (state) => state.journey != null);
findCustomers(() => look());

for (const button of document.querySelectorAll('[data-leap]')) {
  button.addEventListener('click', async () => {
    complain(find('time-wrong'));
    const journey = ask('/control/advance', JSON.parse(button.dataset.leap));
    look();
    try {
      const { journey: ended } = await journey;
      find('journey').textContent = `Moved on by ${button.dataset.words}, to ${day(ended.to)}.`;
    } catch (error) {
      complain(find('time-wrong'), error.message);
    }
    look();
  });
}

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
