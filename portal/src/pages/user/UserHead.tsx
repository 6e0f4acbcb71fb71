import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { session } from '@/api/session';
import type { User, UserMoney } from '@/api/types';
import { policyQuery } from '@/api/user';
import { offers, type Doing } from '@/forms/user/offers';
import { personOf } from '@/forms/user/props';
import { ActionButton } from '@/ui/ActionButton';
import { useCommands } from '@/ui/commands/registry';
import { CopyId } from '@/ui/CopyId';
import { PageTitle } from '@/ui/PageTitle';
import { Badge, Status } from '@/ui/Status';
import { StripeLink } from '@/ui/StripeLink';
import { useStore } from '@/util/store';
import { ICONS } from './icons';
import type { Begin } from './useDoing';
import classes from './UserPage.module.css';

const KEYS: Partial<Record<Doing, string>> = { refund: 'r', change_plan: 'p', cancel: 'c' };
const FIRST: readonly Doing[] = ['refund', 'change_plan'];
const DANGEROUS: readonly Doing[] = ['cancel'];

/** Who it is, how things stand in one sentence, and what can be done. */
export function UserHead({ user, money, begin }: { user: User; money: UserMoney | undefined; begin: Begin }) {
  const role = useStore(session)?.person.role ?? undefined;
  const policy = useQuery(policyQuery).data;
  const all = offers(user, { role, policy, money });
  const person = personOf(user);
  useCommands(all.filter(({ off }) => off === null).map(({ doing, label }) => {
    const Icon = ICONS[doing];
    return { id: `do ${doing}`, label: `${label}: ${person}`, group: 'On this page' as const, keys: KEYS[doing], icon: <Icon size={18} />,
      run: () => { begin(doing); } };
  }));
  const more = all.filter(({ doing }) => !FIRST.includes(doing));
  const it = user.subscription;
  return (
    <>
      <PageTitle title={person} back={{ to: '/users', label: 'Users' }} beside={<Badges user={user} />} actions={(
        <>
          {all.filter(({ doing }) => FIRST.includes(doing)).map(({ doing, label, off }) => (
            <ActionButton key={doing} variant={doing === 'refund' ? 'filled' : 'default'} off={off} onClick={() => { begin(doing); }}>{label}</ActionButton>
          ))}
          <Menu position="bottom-end" width={300} withInitialFocusPlaceholder={false}>
            <Menu.Target><Button variant="default" rightSection={<IconChevronDown size={15} aria-hidden />}>More</Button></Menu.Target>
            <Menu.Dropdown>
              {more.map(({ doing, label, off }) => {
                const Icon = ICONS[doing];
                return (
                  <Menu.Item key={doing} leftSection={<Icon size={16} color={DANGEROUS.includes(doing) ? 'var(--bad)' : undefined} aria-hidden />}
                    disabled={off !== null} onClick={() => { begin(doing); }}>
                    {label}{off !== null && <span className={classes.off}>{off}</span>}
                  </Menu.Item>
                );
              })}
            </Menu.Dropdown>
          </Menu>
        </>
      )}>
        <span className={classes.ids}>
          {user.name !== null && user.email !== null && <a href={`mailto:${user.email}`}>{user.email}</a>}
          <CopyId id={user.id} of="customer’s id" />
          <StripeLink id={user.id} account={user.stripe_url} />
        </span>
      </PageTitle>
      <p className={classes.sentence} data-tone={it?.past_due_since ? 'attention' : undefined}>{user.sentence}</p>
    </>
  );
}

function Badges({ user }: { user: User }) {
  const it = user.subscription;
  return (
    <span className={classes.badges}>
      <Status kind="subscription" word={user.status} />
      {it && user.plan !== null && (it.cancel_at_period_end || it.cancel_at !== null) && <Status kind="attention" word="ending" />}
      {it?.collection_paused && user.plan !== null && <Status kind="attention" word="collection_paused" />}
      {user.plan === 'unmapped' && <Status kind="attention" word="unmapped" />}
      {it?.update_pending && <Badge tone="attention">Change waits for payment</Badge>}
      {user.deleted && <Badge tone="bad">Deleted at Stripe</Badge>}
    </span>
  );
}
