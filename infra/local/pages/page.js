// What every page of the sandbox shares: elements, words for money and time, and asking the sandbox once a second.

/** An element: `make('p', { class: 'empty' }, 'text', child)`. */
export function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === true) element.setAttribute(key, '');
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

export const find = (id) => document.getElementById(id);

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
export const money = (cents) => dollars.format(cents / 100);

const formats = {
  day: { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' },
  date: { day: 'numeric', month: 'short', year: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  moment: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' },
};
for (const [name, options] of Object.entries(formats)) {
  formats[name] = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
}
export const day = (at) => formats.day.format(new Date(at));
export const date = (at) => formats.date.format(new Date(at));
export const time = (at) => `${formats.time.format(new Date(at))} UTC`;
export const moment = (at) => formats.moment.format(new Date(at)).replace(' at ', ', ');

export const every = (months) => (months === 1 ? 'every month' : `every ${months} months`);
export const per = (months) => (months === 1 ? '/ month' : `/ ${months} months`);
export const grouped = (number) => number.replace(/(.{4})(?=.)/g, '$1 ');

export function took(microseconds) {
  return microseconds < 1000 ? '< 1 ms' : `${Math.round(microseconds / 1000)} ms`;
}

/** Shows what went wrong where the person is looking, or takes it away. */
export function complain(element, words) {
  element.textContent = words ?? '';
  element.hidden = !words;
}

/** Asks the sandbox; what it refuses is thrown in its own words. With a body it is a POST. */
export const ask = (path, body) => askTo(body === undefined ? 'GET' : 'POST', path, body);

/** Asks the sandbox by any method. */
export async function askTo(method, path, body) {
  const options = body === undefined ? { method } : {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error('The sandbox does not answer. Start it again with ./dev run.');
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new Error(words(answer) ?? `The sandbox answered ${response.status}.`);
  return answer;
}

function words(answer) {
  if (answer?.message === 'Internal Server Error') {
    return 'The function failed. Its reason stands under “Functions run”.';
  }
  return answer?.error?.message ?? answer?.error ?? answer?.message;
}

/** Calls `show` with what `path` answers, or the path it gives, every second while the page is seen. `hurry` says when to ask more often. */
export function watch(path, show, hurry = () => false) {
  let timer;
  let looks = 0;
  async function look() {
    clearTimeout(timer);
    if (document.hidden) return;
    looks += 1;
    const current = looks;
    const state = await ask(typeof path === 'function' ? path() : path).catch(() => null);
    // An answer that a later look has overtaken would show what is no longer so.
    if (current !== looks) return;
    find('lost').hidden = state != null;
    if (state) show(state);
    timer = setTimeout(look, state && hurry(state) ? 200 : 1000);
  }
  document.addEventListener('visibilitychange', look);
  look();
  return look;
}

/** Draws only what changed, so that a selection or a focus in it is not lost every second. */
export function whenChanged(draw) {
  let before;
  return (value) => {
    const now = JSON.stringify(value);
    if (now !== before) draw(value);
    before = now;
  };
}

/** Shows a list, or the words that stand in its place while it is empty. */
export function list(element, empty, rows) {
  element.replaceChildren(...rows);
  empty.hidden = rows.length > 0;
}

export function countMails(count) {
  find('mail-count').textContent = count;
  find('mail-count').hidden = count === 0;
}
