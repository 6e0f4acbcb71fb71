import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MailRow, User } from '@/api/types';
import { mailQuery, mailsQuery } from '@/api/user';
import { Panel } from '@/ui/Panel';
import { ErrorState } from '@/ui/states/ErrorState';
import { LoadingRows } from '@/ui/states/Loading';
import { Badge } from '@/ui/Status';
import { When } from '@/ui/When';
import { sentenceCase } from '@/util/words';
import classes from './Lists.module.css';
import page from './UserPage.module.css';

/** Without its rules for dark readers, which the content policy would not take; what it looks like stands in attributes. */
export function withoutStyles(html: string): string {
  return html.replace(/<style\b[\s\S]*?<\/style\s*>/gi, '');
}

/** What was sent to the customer. */
export function Mails({ user }: { user: User }) {
  const { data, error, refetch } = useQuery(mailsQuery(user.id));
  const [open, setOpen] = useState<MailRow | null>(null);
  return (
    <Panel title="Mails">
      {data === undefined && (error ? <ErrorState error={error} onRetry={refetch} /> : <LoadingRows rows={2} />)}
      {data?.mails.length === 0 && <span className={page.quiet}>Nothing was sent.</span>}
      <ul className={classes.mails}>
        {data?.mails.map((mail) => (
          <li key={mail.id}>
            <button type="button" className={classes.mail} onClick={() => { setOpen(mail); }}>{mail.subject}</button>
            <span className={classes.mailState}>
              {mail.failed_at !== null ? <Badge tone="bad">{mail.sent_at === null ? 'Failed' : 'Came back'}</Badge>
                : mail.sent_at === null ? <Badge tone="info">Waits</Badge> : <When at={mail.sent_at} as="day" />}
            </span>
            {mail.reason !== null && <span className={page.quiet}>{sentenceCase(mail.reason)}</span>}
          </li>
        ))}
      </ul>
      {open && <Shown user={user} mail={open} onClose={() => { setOpen(null); }} />}
    </Panel>
  );
}

/** A mail as it was sent, in a frame that runs nothing and leads nowhere. */
function Shown({ user, mail, onClose }: { user: User; mail: MailRow; onClose: () => void }) {
  const { data, error, refetch } = useQuery(mailQuery(user.id, mail.id));
  return (
    <Modal opened onClose={onClose} title={mail.subject} size="xl">
      {data === undefined && (error ? <ErrorState error={error} onRetry={refetch} /> : <LoadingRows />)}
      {data && (
        <>
          <p className={page.quiet}>To {user.email ?? user.id} · <When at={data.created_at} as="time" /></p>
          <iframe className={classes.frame} sandbox="" srcDoc={withoutStyles(data.html)} title={`The mail: ${mail.subject}`} />
        </>
      )}
    </Modal>
  );
}
