// What stands behind the control page: deliveries with their answers, queues, mails, functions run.

import { ask, complain, find, list, make, moment, took, whenChanged } from './page.js';

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
  return answered && now && answered !== now ? `${answered}, then ${now}` : now || answered || '';
}

function status({ status }) {
  const tone = status && status < 300 ? 'good' : 'bad';
  return make('span', { class: `badge ${tone}` }, status ? String(status) : 'none');
}

export const showDeliveries = whenChanged((deliveries) => {
  list(find('deliveries'), find('no-deliveries'), deliveries.map((delivery) => make('tr', {},
    make('td', { class: 'faint' }, moment(delivery.at)),
    make('td', {}, make('code', { title: delivery.event_id }, delivery.event_type)),
    make('td', {}, status(delivery)),
    make('td', {}, outcome(delivery), ...delivery.faults.map((words) => make('span', { class: 'fault-note' }, words))),
    make('td', { class: 'number' }, String(delivery.attempt)),
    make('td', { class: 'number faint' }, delivery.status ? took(delivery.duration_us) : ''))));
  find('deliveries').closest('.scroll').hidden = deliveries.length === 0;
});

let look = () => {};

const drawQueues = whenChanged((queues) => {
  const dead = queues.filter((queue) => queue.dead_letters_of && queue.visible > 0);
  find('dead-count').textContent = dead.reduce((sum, queue) => sum + queue.visible, 0);
  find('dead-count').hidden = dead.length === 0;
  find('queues').replaceChildren(...queues.map((queue) => make('tr', {},
    make('td', {}, make('code', {}, queue.name), dead.includes(queue) ? redrive(queue) : null),
    make('td', { class: `number ${dead.includes(queue) ? 'owed' : ''}` }, String(queue.visible + queue.delayed)),
    make('td', { class: 'number' }, String(queue.in_flight)))));
});

/** Shows the queues; dead letters can be sent back to where they came from. */
export function showQueues(queues, again) {
  look = again;
  drawQueues(queues);
}

function redrive({ name, visible, dead_letters_of: source }) {
  const button = make('button', { type: 'button', class: 'small' }, `Redrive ${visible} to ${source}`);
  button.addEventListener('click', async () => {
    button.disabled = true;
    complain(find('queues-wrong'));
    try {
      const { moved } = await ask('/control/redrive', { queue: name });
      find('redriven').textContent = `${moved} moved back to ${source}.`;
    } catch (error) {
      complain(find('queues-wrong'), error.message);
    }
    button.disabled = false;
    look();
  });
  return button;
}

export const showMails = whenChanged((mails) => {
  list(find('mails'), find('no-mails'), mails.slice(0, 8).map((mail) => make('li', {},
    make('a', { href: `/mailbox#${mail.number}` }, mail.subject || 'No subject'),
    make('span', { class: 'faint' }, `${mail.to.join(', ')} · ${moment(mail.at)}`))));
});

/** How it ended: the messages of a batch that it reported as failed come again. */
function ending({ failure, batch }) {
  if (failure) return ['failed', 'bad'];
  if (batch?.failed) return [`${batch.failed} of ${batch.messages} failed`, 'warn'];
  return ['ok', 'good'];
}

export const showRuns = whenChanged((runs) => {
  list(find('runs'), find('no-runs'), runs.slice(0, 8).map((run) => {
    const [words, tone] = ending(run);
    return make('li', {},
      make('span', {}, make('code', {}, run.function), ' ', make('span', { class: `badge ${tone}` }, words)),
      make('span', { class: 'faint' }, run.failure ?? `${moment(run.started_at)} · ${took(run.duration_us)}`));
  }));
});
