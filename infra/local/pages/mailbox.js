// The mailbox: everything the system sent to anybody.

import { watchActivity } from './activity.js';
import { countMails, find, list, make, moment, watch, whenChanged } from './page.js';

let mails = [];
let plain = false;

// What became of a mail, where it did not simply arrive.
const FATES = {
  Bounced: 'bounced: there is no such address',
  Suppressed: 'not sent: the address is on the suppression list',
  Complained: 'reported as spam',
};

const chosen = () => mails.find((mail) => String(mail.number) === location.hash.slice(1)) ?? mails[0];

function showLetter() {
  const mail = chosen();
  find('letter').hidden = !mail;
  if (!mail) return;
  find('subject').textContent = mail.subject || 'No subject';
  find('from').textContent = mail.from;
  find('to').textContent = mail.to.join(', ');
  find('sent').textContent = [moment(mail.at), FATES[mail.fate]].filter(Boolean).join(' · ');
  const asText = plain || !mail.has_html;
  find('as-html').disabled = !mail.has_html;
  find('as-html').setAttribute('aria-pressed', String(!asText));
  find('as-text').setAttribute('aria-pressed', String(asText));
  find('text').hidden = !asText;
  find('text').textContent = mail.text ?? 'This mail has no plain text.';
  find('html').hidden = asText;
  const source = `/mailbox/${mail.number}`;
  if (!asText && find('html').getAttribute('src') !== source) find('html').setAttribute('src', source);
  for (const link of find('mails').querySelectorAll('a')) {
    if (link.hash === `#${mail.number}`) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}

const show = whenChanged((answer) => {
  mails = answer.mails;
  countMails(mails.length);
  list(find('mails'), find('no-mails'), mails.map((mail) => make('li', {},
    make('a', { href: `#${mail.number}` },
      make('b', {}, mail.subject || 'No subject'),
      make('span', { class: 'faint' }, `${mail.to.join(', ')} · ${moment(mail.at)}`)))));
  showLetter();
});

find('as-html').addEventListener('click', () => { plain = false; showLetter(); });
find('as-text').addEventListener('click', () => { plain = true; showLetter(); });
addEventListener('hashchange', showLetter);
watch('/control/mails', show);
watchActivity();
