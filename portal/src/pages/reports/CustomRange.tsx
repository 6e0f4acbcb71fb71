import { Button, Popover, TextInput } from '@mantine/core';
import { IconCalendar } from '@tabler/icons-react';
import { useState } from 'react';
import { RANGE_DAYS_MAX, rangeFault, rangeWords, type Range } from '@/util/range';
import type { Shown } from './search';
import classes from './ReportsPage.module.css';

interface Props {
  shown: Shown;
  today: string;
  set: (range: Range) => void;
}

/** Days of one's own. They are shown once both of them make sense together. */
export function CustomRange({ shown, today, set }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" radius="md" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<IconCalendar size={15} aria-hidden />} className={classes.own} data-active={shown.preset === null}
          onClick={() => { setOpened(!opened); }}>
          {shown.preset === null ? rangeWords(shown.range) : 'Other days'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Other days">
        <Days range={shown.range} today={today} onShow={(range) => { set(range); setOpened(false); }} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Days({ range, today, onShow }: { range: Range; today: string; onShow: (range: Range) => void }) {
  const [{ from, to }, setDays] = useState(range);
  const [isAsked, setAsked] = useState(false);
  const fault = rangeFault(from, to, today);
  return (
    <form className={classes.days} noValidate onSubmit={(event) => {
      event.preventDefault();
      if (fault === null) onShow({ from, to });
      else setAsked(true);
    }}>
      <TextInput type="date" label="First day" value={from} max={today} onChange={(event) => { setDays({ from: event.currentTarget.value, to }); }} />
      <TextInput type="date" label="Last day" value={to} max={today} onChange={(event) => { setDays({ from, to: event.currentTarget.value }); }} />
      {isAsked && fault !== null ? <span className={classes.fault} role="alert">{fault}</span>
        : <span className={classes.quiet}>{`In UTC, at most ${String(RANGE_DAYS_MAX)} days.`}</span>}
      <Button type="submit">Show</Button>
    </form>
  );
}
