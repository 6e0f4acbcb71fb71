import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { auditQuery, everyEntry, type AuditFilter } from '@/api/audit';
import { staffQuery } from '@/api/staff';
import type { AuditEntry } from '@/api/types';
import { CsvButton } from '@/ui/CsvButton';
import { EmptyState } from '@/ui/states/EmptyState';
import { PageTitle } from '@/ui/PageTitle';
import { now } from '@/util/clock';
import { utcDay } from '@/util/time';
import { AuditFilters } from './AuditFilters';
import { AuditTable } from './AuditTable';
import { entryColumns } from './csv';
import { EntryDrawer } from './EntryDrawer';
import { auditRoute } from './route';
import { Verify } from './Verify';

const keyOf = (entry: AuditEntry) => `${entry.actor}:${String(entry.seq)}`;

export function AuditPage() {
  const { entry, ...chosen } = auditRoute.useSearch();
  const navigate = auditRoute.useNavigate();
  const filter: AuditFilter = (chosen.actor ?? chosen.subject ?? chosen.day) === undefined ? { day: utcDay(now()) } : chosen;
  const list = useInfiniteQuery(auditQuery(filter));
  const staff = useQuery(staffQuery).data?.staff;
  const rows = list.data?.pages.flatMap((page) => page.entries);
  const open = (row: AuditEntry | null) => { void navigate({ search: (now_) => ({ ...now_, entry: row ? keyOf(row) : undefined }) }); };
  return (
    <>
      <PageTitle title="Audit log"
        actions={<CsvButton fileName={`audit-${Object.values(filter).join('')}`} unit="entry" columns={entryColumns(staff)}
          pages={(signal) => everyEntry(filter, signal)} />}>
        Whatever anybody did here, with how it was before and after. Entries can be added, and never changed.
      </PageTitle>
      <Verify staff={staff} />
      <AuditFilters filter={filter} staff={staff} onChange={(next) => { void navigate({ search: next }); }} />
      <AuditTable isOneDay={filter.day !== undefined} rows={rows} staff={staff} rowKey={keyOf} onOpen={open} error={list.error} onRetry={list.refetch}
        more={{ has: list.hasNextPage, isLoading: list.isFetchingNextPage, load: list.fetchNextPage }}
        empty={<EmptyState title="No entries">Nothing of this is in the log.</EmptyState>} />
      <EntryDrawer entry={rows?.find((row) => keyOf(row) === entry)} staff={staff} onClose={() => { open(null); }} />
    </>
  );
}
