import { Spotlight } from '@mantine/spotlight';
import '@mantine/spotlight/styles.css';
import { useDebouncedValue } from '@mantine/hooks';
import type { UserRow } from '@/api/types';
import { IconSearch, IconUser } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { peopleQuery } from '@/api/glance';
import { planName, statusWords } from '@/util/words';
import { Keys } from './Keys';
import classes from './Palette.module.css';
import { palette } from './palette-store';
import { useAllCommands, type Command } from './registry';

/** Time between the last letter and the search. */
const SETTLED_MS = 150;

const GROUPS = ['On this page', 'Actions', 'Go to', 'Help'] as const;

function matches(command: Command, query: string): boolean {
  const text = `${command.label} ${command.words ?? ''}`.toLowerCase();
  return query.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** People, pages and actions, by name. */
export default function Palette() {
  const [query, setQuery] = useState('');
  const [settled] = useDebouncedValue(query.trim(), SETTLED_MS);
  const people = useQuery(peopleQuery(settled));
  const navigate = useNavigate();
  const commands = useAllCommands().filter((command) => command.id !== 'palette' && !command.isQuiet && matches(command, query.trim()));
  const found = settled.length >= 2 ? (people.data?.users ?? []) : [];
  const isSearching = people.isFetching || settled !== query.trim();

  return (
    <Spotlight.Root store={palette} query={query} onQueryChange={setQuery} clearQueryOnClose shortcut={null} scrollable
      maxHeight="60vh" yOffset="12vh" centered={false} lockScroll={false} overlayProps={{ blur: 0, backgroundOpacity: 0.45 }}
      transitionProps={{ duration: 80 }} classNames={{ actionsGroup: classes.group, action: classes.action }}
      attributes={{ content: { 'aria-label': 'Search and commands' } }}>
      <Spotlight.Search placeholder="Search people, pages and actions" leftSection={<IconSearch size={18} aria-hidden />}
        aria-label="Search people, pages and actions" />
      <Spotlight.ActionsList>
        {found.length > 0 && (
          <Spotlight.ActionsGroup label="People">
            {found.map((user) => (
              <Spotlight.Action key={user.id} label={user.name ?? user.email ?? user.id}
                description={about(user)}
                leftSection={<IconUser size={18} aria-hidden />}
                onClick={() => { void navigate({ to: `/users/${user.id}` }); }} />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {GROUPS.map((group) => {
          const shown = commands.filter((command) => command.group === group);
          return shown.length > 0 && (
            <Spotlight.ActionsGroup key={group} label={group}>
              {shown.map((command) => (
                <Spotlight.Action key={command.id} label={command.label} leftSection={command.icon}
                  rightSection={command.keys !== undefined && <Keys of={command.keys} />} onClick={() => { command.run(); }} />
              ))}
            </Spotlight.ActionsGroup>
          );
        })}
        {found.length === 0 && commands.length === 0 && (
          <Spotlight.Empty>
            {isSearching ? 'Searching…' : 'Nobody and nothing of that name. A name or address is found by how it begins.'}
          </Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function about({ name, email, plan, status }: UserRow): string {
  return [name === null ? null : email, planName(plan), statusWords('subscription', status)[0]].filter(Boolean).join(' · ');
}
