// The clock on the control page: what it shows, moving it, stopping it on its way, and setting the functions' clock wrong.

import { ask, askTo, complain, day, find, moment, time } from './page.js';

const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;
const done = ({ webhooks, renewals }) => `${plural(webhooks, 'webhook')}, ${plural(renewals, 'renewal')}`;
let look = () => {};

/** Has `again` ask the sandbox anew, as soon as somebody moves the clock and once it has arrived. */
export function whenMoved(again) {
  look = again;
}

/** Shows the clock and the journey. */
export function showTime({ now, journey, next, skew_s: skew }) {
  find('clock-day').textContent = day(now);
  find('clock-time').textContent = time(now);
  find('next-words').textContent = next ? `Next: ${next.what} · ${moment(next.at)}` : '';
  for (const button of find('time-title').closest('section').querySelectorAll('[data-leap], #next, #move button')) {
    button.disabled = journey != null;
  }
  find('skewed').hidden = skew === 0;
  find('skew-hint').hidden = skew === 0;
  find('skew-words').textContent = `The functions' clock is ${Math.abs(skew)} s ${skew > 0 ? 'ahead' : 'behind'}: signatures `
    + (skew > 0 ? 'look older than they are.' : 'seem to come from the future.');
  find('under-way').hidden = journey == null;
  if (!journey) {
    // Whoever moved the clock says that it has arrived; the demo book does not.
    if (find('journey').textContent.startsWith('On the way')) find('journey').textContent = '';
    return;
  }
  const [from, to, at] = [journey.from, journey.to, journey.at].map((moment) => new Date(moment).getTime());
  const part = (at - from) / Math.max(1, to - from);
  find('progress').value = Math.round(1000 * part);
  find('percent').textContent = `${Math.floor(100 * part)} %`;
  find('journey').textContent = `On the way to ${day(journey.to)}: ${done(journey)} so far.`;
}

async function travel(path, body, words) {
  complain(find('time-wrong'));
  find('cancel').disabled = false;
  const journey = ask(path, body);
  look();
  try {
    const { journey: ended } = await journey;
    find('journey').textContent = ended.cancelled
      ? `Stopped on ${day(ended.at)}, ${time(ended.at)}: ${done(ended)}.`
      : `${words}, to ${day(ended.to)}: ${done(ended)}.`;
  } catch (error) {
    complain(find('time-wrong'), error.message);
  }
  look();
}

async function act(wrong, method, path, body) {
  complain(wrong);
  try {
    await askTo(method, path, body);
  } catch (error) {
    complain(wrong, error.message);
  }
  look();
}

for (const button of document.querySelectorAll('[data-leap]')) {
  button.addEventListener('click', () => {
    travel('/control/advance', JSON.parse(button.dataset.leap), `Moved on by ${button.dataset.words}`);
  });
}
find('next').addEventListener('click', () => travel('/control/next', {}, 'Moved on to what was due'));
find('move').addEventListener('submit', (event) => {
  event.preventDefault();
  const [amount, unit] = [Number(find('amount').value), find('unit').value];
  const by = unit === 'years' ? { months: 12 * amount } : { [unit]: amount };
  travel('/control/advance', by, `Moved on by ${amount} ${unit}`);
});
find('cancel').addEventListener('click', () => {
  find('cancel').disabled = true;
  act(find('time-wrong'), 'DELETE', '/control/advance');
});
find('skew').addEventListener('submit', (event) => {
  event.preventDefault();
  act(find('skew-wrong'), 'POST', '/control/skew', { seconds: Number(find('skew-s').value) });
});
find('set-right').addEventListener('click', () => act(find('skew-wrong'), 'POST', '/control/skew', { seconds: 0 }));
