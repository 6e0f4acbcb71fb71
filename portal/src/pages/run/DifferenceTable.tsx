import { Checkbox } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Difference } from '@/api/types';
import { ActionButton } from '@/ui/ActionButton';
import { FieldDiff } from '@/ui/FieldDiff';
import { Badge } from '@/ui/Status';
import { DataTable } from '@/ui/table/DataTable';
import type { Column } from '@/ui/table/types';
import { UserLink } from '@/ui/UserLink';
import { causeWords, policyWords } from './causes';
import classes from './RunPage.module.css';

interface Props {
  differences: readonly Difference[];
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
  off: string | null;
  onRepair: (customer: string) => void;
  empty: ReactNode;
}

/** What a run found to differ, by object, with what each side said then. */
export function DifferenceTable({ differences, chosen, onChoose, off, onRepair, empty }: Props) {
  const choose = (customer: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(customer);
    else next.delete(customer);
    onChoose(next);
  };
  const columns: Column<Difference>[] = [
    {
      key: 'choose', header: 'Choose', isAction: true,
      cell: ({ customer, object }) => customer !== undefined && (
        <Checkbox size="xs" radius="xs" checked={chosen.has(customer)} aria-label={`Choose the customer of ${object}`}
          onChange={(event) => { choose(customer, event.currentTarget.checked); }} />
      ),
    },
    {
      key: 'object', header: 'Object', isName: true,
      cell: (it) => (
        <div className={classes.object}>
          <code>{it.object}</code>
          {it.customer !== undefined && it.customer !== it.object && <UserLink id={it.customer}>{it.customer}</UserLink>}
          <span className={classes.quiet}>{causeWords(it.cause)}</span>
        </div>
      ),
    },
    { key: 'fields', header: 'What differed', foldBelow: 'sm', isPlain: true, cell: (it) => <FieldDiff fields={it.fields} /> },
    {
      key: 'policy', header: 'That night', foldBelow: 'md',
      cell: (it) => <Badge tone={it.policy === 'repair' ? 'good' : 'attention'}>{policyWords(it.policy)}</Badge>,
    },
    {
      key: 'repair', header: 'Repair', align: 'right', foldBelow: 'sm', isAction: true, isEmpty: (it) => it.customer === undefined,
      cell: ({ customer, object }) => customer !== undefined && (
        <ActionButton variant="default" size="compact-sm" off={off} aria-label={`Repair the customer of ${object}`}
          onClick={() => { onRepair(customer); }}>
          Repair
        </ActionButton>
      ),
    },
  ];
  return <DataTable label="Differences" columns={columns} rows={differences} rowKey={(it) => it.object} empty={empty} unit="object" />;
}
