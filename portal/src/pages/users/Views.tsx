import { Button, Popover, TextInput } from '@mantine/core';
import { IconBookmarkPlus, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { UsersFilter } from '@/api/users';
import { useStore } from '@/util/store';
import { isNarrow, isSame } from './filter';
import { BUILT_IN, forgetView, NAME_MAX, nameMissing, saveView, views, VIEWS_MAX } from './views';
import classes from './UsersPage.module.css';

/** Filters by name: those that come with the portal, and this browser's own. */
export function Views({ filter }: { filter: UsersFilter }) {
  const saved = useStore(views);
  const all = [...BUILT_IN, ...saved];
  const isKept = all.some((view) => isSame(view.filter, filter));
  return (
    <nav className={classes.views} aria-label="Views">
      {all.map((view) => (
        <span key={view.name} className={classes.view} data-active={isSame(view.filter, filter)}>
          <Link to="/users" search={view.filter} aria-current={isSame(view.filter, filter) ? 'page' : undefined} activeProps={{}}>{view.name}</Link>
          {saved.includes(view) && (
            <button type="button" className={classes.forget} aria-label={`Forget the view ${view.name}`} title="Forget this view"
              onClick={() => { forgetView(view.name); }}>
              <IconX size={13} aria-hidden />
            </button>
          )}
        </span>
      ))}
      {!isKept && isNarrow(filter) && saved.length < VIEWS_MAX && <SaveView filter={filter} />}
    </nav>
  );
}

function SaveView({ filter }: { filter: UsersFilter }) {
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [error, setError] = useState<string | null>(null);
  const save = () => {
    const missing = nameMissing(name, views.get());
    setError(missing);
    if (missing !== null) return;
    saveView({ name, filter });
    setOpen(false);
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" shadow="md" trapFocus returnFocus width={260}>
      <Popover.Target>
        <Button variant="subtle" size="compact-sm" leftSection={<IconBookmarkPlus size={15} aria-hidden />}
          onClick={() => { setOpen(!isOpen); }}>Save view</Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Save this view">
        <form onSubmit={(event) => { event.preventDefault(); save(); }}>
          <TextInput label="Name of the view" description="Kept in this browser." value={name} maxLength={NAME_MAX} error={error} data-autofocus
            onChange={(event) => { setName(event.currentTarget.value); setError(null); }} />
          <Button type="submit" size="xs" mt="sm" fullWidth>Save</Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
