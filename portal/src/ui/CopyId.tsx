import { Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import classes from './text.module.css';

interface Props {
  id: string;
  /** What it is the id of, for those who cannot see where it stands: `Copy the customer’s id`. */
  of?: string;
  /** Only this many characters are shown. All are copied. */
  shorten?: number;
}

/** An id, and a button that copies it. */
export function CopyId({ id, of = 'id', shorten }: Props) {
  const { copied, copy } = useClipboard({ timeout: 1_500 });
  const shown = shorten !== undefined && id.length > shorten ? `${id.slice(0, shorten)}…` : id;
  const label = copied ? 'Copied' : `Copy the ${of}`;
  return (
    <span className={classes.id}>
      <span className={classes.code} title={shown === id ? undefined : id}>{shown}</span>
      <Tooltip label={label}>
        <button type="button" className={classes.copy} aria-label={label} onClick={() => { copy(id); }}>
          {copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
        </button>
      </Tooltip>
    </span>
  );
}
