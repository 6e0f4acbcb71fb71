import type { AuditEntry, Staff } from '@/api/types';
import type { CsvColumn } from '@/util/csv';
import { actorName } from './actors';

const json = (value: unknown) => (value === undefined || value === null ? null : JSON.stringify(value));

/** The log as a file: every field, in the order one reads them. */
export function entryColumns(staff: readonly Staff[] | undefined): CsvColumn<AuditEntry>[] {
  return [
    { header: 'At (UTC)', value: (it) => it.at },
    { header: 'Who', value: (it) => actorName(it.actor, staff) },
    { header: 'Actor', value: (it) => it.actor },
    { header: 'Place', value: (it) => it.seq },
    { header: 'Role', value: (it) => it.role },
    { header: 'Operation', value: (it) => it.operation },
    { header: 'Subject', value: (it) => it.subject },
    { header: 'Outcome', value: (it) => it.outcome },
    { header: 'Code', value: (it) => it.code },
    { header: 'Reason', value: (it) => it.reason },
    { header: 'Before', value: (it) => json(it.before) },
    { header: 'After', value: (it) => json(it.after) },
    { header: 'Action', value: (it) => it.action },
    { header: 'Address', value: (it) => it.address },
    { header: 'Device', value: (it) => it.device },
    { header: 'Request', value: (it) => it.request_id },
    { header: 'Hash', value: (it) => it.hash },
  ];
}
