import { ActionIcon, TextInput } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { now } from '@/util/clock';
import { dayAfter, utcDayOf } from '@/util/days';
import { utcDay } from '@/util/time';
import classes from './DayField.module.css';

interface Props {
  label: string;
  /** In UTC. */
  day: string;
  onChange: (day: string) => void;
}

/** A day, and the ways to the one before and the one after. Days are the server's, which are in UTC. */
export function DayField({ label, day, onChange }: Props) {
  const today = utcDay(now());
  return (
    <div className={classes.field} role="group" aria-label={label}>
      <ActionIcon variant="default" size="2.25rem" aria-label="The day before" onClick={() => { onChange(dayAfter(day, -1)); }}>
        <IconChevronLeft size={16} aria-hidden />
      </ActionIcon>
      <TextInput type="date" aria-label={`${label}, in UTC`} value={day} max={today}
        onChange={(event) => {
          const chosen = utcDayOf(event.currentTarget.value);
          if (chosen !== undefined) onChange(chosen);
        }} />
      <ActionIcon variant="default" size="2.25rem" aria-label="The day after" disabled={day >= today} onClick={() => { onChange(dayAfter(day, 1)); }}>
        <IconChevronRight size={16} aria-hidden />
      </ActionIcon>
      <span className={classes.zone}>UTC</span>
    </div>
  );
}
