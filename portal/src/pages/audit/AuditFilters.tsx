import { Select, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { AuditFilter } from '@/api/audit';
import type { Staff } from '@/api/types';
import { DayField } from '@/ui/DayField';
import { now } from '@/util/clock';
import { utcDay } from '@/util/time';
import { actorName } from './actors';
import classes from './AuditPage.module.css';

interface Props {
  filter: AuditFilter;
  staff: readonly Staff[] | undefined;
  onChange: (filter: AuditFilter) => void;
}

type By = keyof AuditFilter;

/** Of a day, of somebody, or about somebody: the server takes one of the three. */
export function AuditFilters({ filter, staff, onChange }: Props) {
  const given: By = filter.actor !== undefined ? 'actor' : filter.subject !== undefined ? 'subject' : 'day';
  const [by, setBy] = useState<By>(given);
  const [shown, setShown] = useState(given);
  // A link on the page may have led to another filter.
  if (shown !== given) {
    setShown(given);
    setBy(given);
  }
  const choose = (next: string) => {
    setBy(next as By);
    if (next === 'day') onChange({ day: utcDay(now()) });
  };
  const actors = [...new Set(['operator', ...(staff ?? []).map(({ id }) => id), ...(filter.actor === undefined ? [] : [filter.actor])])];
  return (
    <div className={classes.filters} role="search" aria-label="Filter the log">
      <SegmentedControl size="sm" value={by} onChange={choose} aria-label="Show entries"
        data={[{ value: 'day', label: 'Of a day' }, { value: 'actor', label: 'By somebody' }, { value: 'subject', label: 'About' }]} />
      {by === 'day' && <DayField label="Day" day={filter.day ?? utcDay(now())} onChange={(day) => { onChange({ day }); }} />}
      {by === 'actor' && (
        <Select aria-label="By whom" placeholder="Choose somebody" searchable allowDeselect={false} value={filter.actor ?? null} w={260}
          data={actors.map((id) => ({ value: id, label: actorName(id, staff) }))} onChange={(actor) => { if (actor !== null) onChange({ actor }); }} />
      )}
      {by === 'subject' && <SubjectField key={filter.subject} subject={filter.subject ?? ''} onChange={(subject) => { onChange({ subject }); }} />}
    </div>
  );
}

function SubjectField({ subject, onChange }: { subject: string; onChange: (subject: string) => void }) {
  const [typed, setTyped] = useState(subject);
  return (
    <form className={classes.subject} onSubmit={(event) => { event.preventDefault(); if (typed.trim() !== '') onChange(typed.trim()); }}>
      <TextInput aria-label="About whom or what, by id" placeholder="cus_…, admin_…, limits#support; then Enter" value={typed}
        onChange={(event) => { setTyped(event.currentTarget.value); }} />
    </form>
  );
}
