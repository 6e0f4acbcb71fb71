import { Button, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useActionId } from '@/api/actionId';
import { useMissingRole } from '@/api/may';
import { editNote, writeNote } from '@/api/orders';
import { session } from '@/api/session';
import type { Note, User } from '@/api/types';
import { useDraft } from '@/forms/user/useDraft';
import { useSubmit } from '@/forms/useSubmit';
import { Panel } from '@/ui/Panel';
import { FormError } from '@/ui/states/ErrorState';
import { When } from '@/ui/When';
import { useStore } from '@/util/store';
import classes from './Notes.module.css';
import page from './UserPage.module.css';

/** The server's bound. */
const TEXT_MAX = 2_000;

/** What administrators tell each other about a customer. */
export function Notes({ user }: { user: User }) {
  const off = useMissingRole('support');
  return (
    <Panel title="Notes">
      {off === null ? <Write user={user} /> : <p className={page.quiet}>{off}</p>}
      {user.notes.length > 0 && (
        <ul className={classes.notes}>
          {user.notes.map((note) => <One key={note.id} user={user} note={note} canEdit={off === null} />)}
        </ul>
      )}
    </Panel>
  );
}

function Write({ user }: { user: User }) {
  const client = useQueryClient();
  const { id, renew } = useActionId(`note:${user.id}`);
  const { draft, set } = useDraft(`note:${user.id}`, { text: '' });
  const { submit, isBusy, error, clear } = useSubmit(async () => {
    await writeNote(user.id, id, draft.text.trim());
    set({ text: '' });
    renew();
    await client.invalidateQueries({ queryKey: ['users', user.id] });
  });
  return (
    <form className={classes.write} onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      <Textarea aria-label="Note" placeholder="Write a note" autosize minRows={1} maxRows={10} maxLength={TEXT_MAX} value={draft.text}
        onChange={(event) => { set({ text: event.currentTarget.value }); clear(); }} />
      <FormError error={error} />
      {draft.text.trim() !== '' && <Button type="submit" size="xs" loading={isBusy}>Add note</Button>}
    </form>
  );
}

function One({ user, note, canEdit }: { user: User; note: Note; canEdit: boolean }) {
  const client = useQueryClient();
  const isOwn = useStore(session)?.person.id === note.author;
  const [text, setText] = useState<string | null>(null);
  const { submit, isBusy, error } = useSubmit(async () => {
    await editNote(user.id, note.id, (text ?? '').trim());
    await client.invalidateQueries({ queryKey: ['users', user.id] });
    setText(null);
  });
  return (
    <li>
      <div className={classes.noteHead}>
        <span><strong>{note.author_name}</strong> <When at={note.created_at} />{note.edited_at != null && <> · edited <When at={note.edited_at} /></>}</span>
        {isOwn && canEdit && text === null && <Button variant="subtle" size="compact-xs" onClick={() => { setText(note.text); }}>Edit</Button>}
      </div>
      {text === null ? <p className={classes.noteText}>{note.text}</p> : (
        <form className={classes.write} onSubmit={(event) => { event.preventDefault(); void submit(); }}>
          <Textarea aria-label="The note" autosize minRows={1} maxRows={10} maxLength={TEXT_MAX} value={text} autoFocus
            onChange={(event) => { setText(event.currentTarget.value); }} />
          <FormError error={error} />
          <div className={classes.row}>
            <Button type="submit" size="xs" loading={isBusy} disabled={text.trim() === ''}>Save</Button>
            <Button variant="default" size="xs" disabled={isBusy} onClick={() => { setText(null); }}>Not now</Button>
          </div>
        </form>
      )}
    </li>
  );
}
