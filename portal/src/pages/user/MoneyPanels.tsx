import { Button } from '@mantine/core';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Charge, Invoice, User, UserMoney } from '@/api/types';
import { useMissingRole } from '@/api/may';
import { chargesQuery, userActionsQuery } from '@/api/user';
import { Panel } from '@/ui/Panel';
import { ErrorState } from '@/ui/states/ErrorState';
import { LoadingRows } from '@/ui/states/Loading';
import { SmallTable } from '@/ui/table/SmallTable';
import type { Column } from '@/ui/table/types';
import { formatMoney } from '@/util/money';
import { chargeColumns, disputeColumns, invoiceColumns, refundColumns } from './money-columns';
import type { Begin } from './useDoing';
import classes from './UserPage.module.css';

interface Props {
  user: User;
  money: UseQueryResult<UserMoney>;
  begin: Begin;
}

/** Disputes, charges with what is left of them, invoices and refunds. What the record has stays when Stripe cannot be asked. */
export function MoneyPanels({ user, money, begin }: Props) {
  const charges = useQuery(chargesQuery(user.id));
  const actions = useQuery(userActionsQuery(user.id)).data?.actions ?? [];
  const of = money.data;
  const account = user.stripe_url;
  if (of === undefined) return <Panel title="Money">{money.error ? <ErrorState error={money.error} onRetry={money.refetch} /> : <LoadingRows />}</Panel>;
  const reasons = new Map(actions.flatMap((it) => (it.result === undefined ? [] : [[it.result, it.reason] as const])));
  return (
    <>
      {of.disputes.length > 0 && (
        <Panel title="Disputes" flush>
          <SmallTable label="Disputes" columns={disputeColumns(account, charges.data?.charges)} rows={of.disputes} rowKey={(it) => it.id} unit="dispute" />
        </Panel>
      )}
      <Charges user={user} charges={charges} invoices={of.invoices} begin={begin} />
      <Panel title="Invoices" flush>
        {of.invoices.length === 0 ? <p className={classes.nothing}>No invoice has been made.</p>
          : <SmallTable label="Invoices" columns={invoiceColumns(account)} rows={of.invoices} rowKey={(it) => it.id} unit="invoice" />}
        {of.truncated && <p className={classes.nothing}>Only the latest are shown. Stripe’s page of the customer has all of them.</p>}
      </Panel>
      {of.refunds.length > 0 && (
        <Panel title="Refunds" flush>
          <SmallTable label="Refunds" columns={refundColumns(account, charges.data?.charges, reasons)} rows={of.refunds} rowKey={(it) => it.id} unit="refund" />
        </Panel>
      )}
    </>
  );
}

interface ChargesProps {
  user: User;
  charges: UseQueryResult<{ charges: Charge[] }>;
  invoices: readonly Invoice[];
  begin: Begin;
}

function Charges({ user, charges: { data, error, refetch }, invoices, begin }: ChargesProps) {
  const off = useMissingRole('support');
  const refund: Column<Charge> = {
    key: 'refund', header: 'Refund', align: 'right', foldBelow: 'sm', isAction: true, isEmpty: (it) => it.left.amount_cents === 0 || off !== null,
    cell: (it) => it.left.amount_cents > 0 && off === null && (
      <Button variant="default" size="compact-xs" aria-label={`Refund of the charge of ${formatMoney(it.amount)}`} onClick={() => { begin('refund', it.id); }}>
        Refund
      </Button>
    ),
  };
  return (
    <Panel title="Charges" flush>
      {data === undefined && (error ? <ErrorState error={error} onRetry={refetch} /> : <div className={classes.nothing}><LoadingRows rows={3} /></div>)}
      {data?.charges.length === 0 && <p className={classes.nothing}>Nothing was ever charged.</p>}
      {data && data.charges.length > 0 && (
        <SmallTable label="Charges" columns={[...chargeColumns(user.stripe_url, invoices), refund]} rows={data.charges} rowKey={(it) => it.id} unit="charge" />
      )}
    </Panel>
  );
}
