import { IconCheck } from '@tabler/icons-react';
import { isAtLeast, ROLE_ORDER } from '@/api/may';
import type { Policy, Role } from '@/api/types';
import { DataTable } from '@/ui/table/DataTable';
import type { Column } from '@/ui/table/types';
import { operationName, ROLES } from '@/util/words';
import classes from './StaffPage.module.css';

type OperationRow = Policy['operations'][number];

function Cell({ row, role }: { row: OperationRow; role: Role }) {
  if (!isAtLeast(role, row.least_role)) return <span className={classes.quiet}>–<span className="visually-hidden">No</span></span>;
  if (row.limited) return <span>Within limits</span>;
  return <span className={classes.may}><IconCheck size={16} aria-hidden /><span className="visually-hidden">Yes</span></span>;
}

const COLUMNS: readonly Column<OperationRow>[] = [
  { key: 'operation', header: 'Operation', isName: true, cell: (it) => operationName(it.operation) },
  ...ROLE_ORDER.map((role): Column<OperationRow> => ({ key: role, header: ROLES[role], cell: (it) => <Cell row={it} role={role} /> })),
  {
    key: 'code', header: 'Asks for a code', foldBelow: 'sm', isEmpty: (it) => !it.needs_step_up,
    cell: (it) => (it.needs_step_up ? 'Yes' : <span className={classes.quiet}>No</span>),
  },
];

/** Every operation, and who may do it. */
export function OperationsTable({ operations }: { operations: Policy['operations'] }) {
  return <DataTable label="What each role may do" columns={COLUMNS} rows={operations} rowKey={(it) => it.operation} unit="operation" />;
}
