import { Button, Select, TextInput } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { UsersFilter } from '@/api/users';
import { useCommands } from '@/ui/commands/registry';
import { planName, statusWords } from '@/util/words';
import { isNarrow } from './filter';
import classes from './UsersPage.module.css';

/** Time between the last letter and the search. */
const SETTLED_MS = 200;

const option = (value: string, label: string) => ({ value, label });
const STATUSES = ['active', 'trialing', 'past_due', 'unpaid', 'paused', 'incomplete', 'canceled', 'none']
  .map((it) => option(it, statusWords('subscription', it)[0]));
const PLANS = [...['founding_member', 'prospector', 'networker', 'rainmaker', 'unmapped'].map((it) => option(it, planName(it))), option('none', 'No plan')];
const REASONS = ['past_due', 'ending', 'collection_paused', 'unmapped', 'drift'].map((it) => option(it, statusWords('attention', it)[0]));

interface Props {
  filter: UsersFilter;
  set: (filter: UsersFilter, replace?: boolean) => void;
}

/** The search, which is sent when typing rests, and the filters. */
export function FilterBar({ filter, set }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(filter.search ?? '');
  const [shown, setShown] = useState(filter.search);
  // A view, or the browser's way back, brings another search.
  if (shown !== filter.search) {
    setShown(filter.search);
    setTyped(filter.search ?? '');
  }
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => { clearTimeout(timer.current); }, []);
  const send = (text: string) => {
    clearTimeout(timer.current);
    const search = text.trim() === '' ? undefined : text.trim();
    if (search === filter.search) return;
    setShown(search);
    set({ ...filter, search }, filter.search !== undefined);
  };
  useCommands([{ id: 'search users', label: 'Search these customers', group: 'On this page', keys: '/', icon: <IconSearch size={18} />,
    run: () => field.current?.focus() }]);
  const choose = (key: 'status' | 'plan' | 'attention') => (value: string | null) => { set({ ...filter, search: undefined, [key]: value ?? undefined }); };

  return (
    <search className={classes.bar}>
      <TextInput ref={field} className={classes.search} type="search" size="xs" aria-label="Search by name, email or id"
        placeholder="Name, email, cus_… or sub_…"
        leftSection={<IconSearch size={15} aria-hidden />} value={typed} autoComplete="off" spellCheck={false} maxLength={100}
        onChange={(event) => {
          const text = event.currentTarget.value;
          setTyped(text);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => { send(text); }, SETTLED_MS);
        }}
        onKeyDown={(event) => { if (event.key === 'Enter') send(typed); }} />
      <Select className={classes.choice} size="xs" aria-label="Status" placeholder="Any status" data={STATUSES} value={filter.status ?? null}
        onChange={choose('status')} clearable clearButtonProps={{ 'aria-label': 'Any status' }} />
      <Select className={classes.choice} size="xs" aria-label="Plan" placeholder="Any plan" data={PLANS} value={filter.plan ?? null}
        onChange={choose('plan')} clearable clearButtonProps={{ 'aria-label': 'Any plan' }} />
      <Select className={classes.choice} size="xs" aria-label="Attention" placeholder="Any attention" data={REASONS} value={filter.attention ?? null}
        onChange={choose('attention')} clearable clearButtonProps={{ 'aria-label': 'Any attention' }} />
      {isNarrow(filter) && (
        <Button variant="subtle" color="gray" size="xs" leftSection={<IconX size={14} aria-hidden />}
          onClick={() => { set({ sort: filter.sort }); }}>Clear</Button>
      )}
    </search>
  );
}
