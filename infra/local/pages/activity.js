// What just happened, line by line; on the control page out of its state, on the other pages asked for by itself.

import { find, list, make, moment, watch, whenChanged } from './page.js';

const kinds = { webhook: 'Webhook', function: 'Function', mail: 'Mail' };

/** Shows the lines, the newest first. */
export const showActivity = whenChanged((lines) => {
  list(find('activity'), find('no-activity'), lines.slice(0, 14).map(({ at, kind, tone, words, times }) => make('li', { class: tone },
    make('span', { class: 'unseen' }, kinds[kind]),
    make('span', { class: 'words' }, times > 1 ? `${words} (${times} times)` : words),
    make('time', { class: 'faint' }, moment(at)))));
});

/** Asks for the lines every second, on a page that shows something else. */
export function watchActivity() {
  return watch('/control/activity', ({ activity }) => showActivity(activity));
}
