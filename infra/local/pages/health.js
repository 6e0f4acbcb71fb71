// How each part does, and the alerts that are open.

import { ask, complain, find, list, make, moment, whenChanged } from './page.js';

const STATES = { ok: ['ok', 'good'], degraded: ['degraded', 'warn'], failing: ['failing', 'bad'] };

const badge = (state) => {
  const [words, tone] = STATES[state] ?? [state, ''];
  return make('span', { class: `badge ${tone}` }, words);
};

const draw = whenChanged(({ report, alerts, alerts_all: all }) => {
  find('alert-count').textContent = all;
  find('alert-count').hidden = all === 0;
  const [words, tone] = STATES[report?.state] ?? [];
  find('health-state').hidden = !report;
  find('health-state').className = `badge ${tone}`;
  find('health-state').textContent = words ?? '';
  find('measured-at').textContent = report ? `measured ${moment(report.measured_at)} UTC` : '';
  list(find('parts'), find('no-parts'), (report?.parts ?? []).map((part) => make('li', {},
    make('span', {}, make('b', {}, part.name), ' ', badge(part.state)),
    make('span', { class: 'faint' }, part.reason),
    part.to_do && make('span', { class: 'to-do' }, part.to_do))));
  list(find('alerts'), find('no-alerts'), alerts.map((alert) => make('li', {},
    make('span', {}, make('span', { class: `badge ${alert.severity === 'critical' ? 'bad' : 'warn'}` }, alert.severity), ' ', alert.message),
    make('span', { class: 'to-do' }, alert.to_do),
    make('span', { class: 'faint' }, [
      `since ${moment(alert.opened_at)} UTC`,
      alert.times > 1 && `raised ${alert.times} times`,
      alert.acknowledged_by && `taken on by ${alert.acknowledged_by}`,
    ].filter(Boolean).join(' · ')))));
});

let again = () => {};

/** Shows the last report and the open alerts; `look` is called where something was done about them. */
export function showHealth(health, look) {
  again = look;
  draw(health);
}

find('measure').addEventListener('click', async () => {
  const button = find('measure');
  complain(find('health-wrong'));
  button.disabled = true;
  try {
    await ask('/control/invoke/watch-health', {});
    again();
  } catch (error) {
    complain(find('health-wrong'), error.message);
  }
  button.disabled = false;
});
