import { useState } from 'react';
import { ROLE_ORDER } from '@/api/may';
import type { Limits, Role } from '@/api/types';
import { LimitsDialog } from '@/forms/staff/LimitsDialog';
import { ActionButton } from '@/ui/ActionButton';
import { Money } from '@/ui/Money';
import { DataTable } from '@/ui/table/DataTable';
import type { Column } from '@/ui/table/types';
import { count, ROLES } from '@/util/words';

/** The currency the limits are in. Whatever is in another one needs a second person. */
const CURRENCY = 'usd';

interface Row {
  role: Role;
  limits: Limits;
}

/** Up to where each role acts alone. Above it, somebody else has to approve. */
export function LimitsTable({ limits, off }: { limits: Readonly<Record<string, Limits>>; off: string | null }) {
  const [changed, setChanged] = useState<Row | null>(null);
  const rows = ROLE_ORDER.flatMap((role): Row[] => (limits[role] ? [{ role, limits: limits[role] }] : []));
  const money = (amount_cents: number) => <Money of={{ amount_cents, currency: CURRENCY }} />;
  const columns: Column<Row>[] = [
    { key: 'role', header: 'Role', isName: true, cell: (it) => <strong>{ROLES[it.role]}</strong> },
    { key: 'action', header: 'A refund or credit', align: 'right', cell: (it) => money(it.limits.per_action_cents) },
    { key: 'day', header: 'In a day', align: 'right', cell: (it) => money(it.limits.per_day_cents) },
    { key: 'days', header: 'Putting a payment off', align: 'right', foldBelow: 'sm',
      cell: (it) => <span className="number">{count(it.limits.extend_days, 'day')}</span> },
    {
      key: 'change', header: 'Change', align: 'right', isAction: true,
      cell: (it) => (
        <ActionButton variant="default" size="compact-sm" off={off} aria-label={`Change the limits of ${ROLES[it.role]}`}
          onClick={() => { setChanged(it); }}>Change</ActionButton>
      ),
    },
  ];
  return (
    <>
      <DataTable label="Limits" columns={columns} rows={rows} rowKey={(it) => it.role} unit="role" />
      {changed && <LimitsDialog role={changed.role} limits={changed.limits} onClose={() => { setChanged(null); }} />}
    </>
  );
}
