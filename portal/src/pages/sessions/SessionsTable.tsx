import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { revokeSession, sessionsQuery } from '@/api/signIn';
import type { ListedSession } from '@/api/types';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Badge } from '@/ui/Status';
import { DataTable } from '@/ui/table/DataTable';
import type { Column } from '@/ui/table/types';
import { When } from '@/ui/When';
import { deviceName } from '@/util/device';
import classes from './SessionsPage.module.css';

interface Props {
  sessions: readonly ListedSession[] | undefined;
  error: unknown;
  onRetry: () => unknown;
}

export function SessionsTable({ sessions, error, onRetry }: Props) {
  const [ending, setEnding] = useState<ListedSession | null>(null);
  const client = useQueryClient();
  const end = async () => {
    if (ending) await revokeSession(ending.id);
    await client.invalidateQueries(sessionsQuery);
  };
  const columns: Column<ListedSession>[] = [
    {
      key: 'device', header: 'Device', isName: true,
      cell: (it) => <span className={classes.name} title={it.device}>{deviceName(it.device)} {it.current && <Badge tone="good">This one</Badge>}</span>,
    },
    { key: 'address', header: 'Address', foldBelow: 'sm', cell: (it) => it.address },
    { key: 'seen', header: 'Last used', cell: (it) => <When at={it.seen_at} /> },
    { key: 'since', header: 'Signed in', foldBelow: 'sm', cell: (it) => <When at={it.created_at} /> },
    {
      key: 'end', header: 'End', align: 'right', isAction: true,
      cell: (it) => !it.current && (
        <Button variant="default" size="compact-sm" aria-label={`End the session of ${deviceName(it.device)}`} onClick={() => { setEnding(it); }}>End</Button>
      ),
    },
  ];
  return (
    <>
      <DataTable label="Your sessions" columns={columns} rows={sessions} rowKey={(it) => it.id} error={error} onRetry={onRetry} unit="session" />
      <ConfirmDialog opened={ending !== null} onClose={() => { setEnding(null); }} title="End this session?" confirmLabel="End the session" isDangerous
        onConfirm={end}>
        {ending && `${deviceName(ending.device)} at ${ending.address} is signed out at once. Whoever uses it has to sign in again.`}
      </ConfirmDialog>
    </>
  );
}
