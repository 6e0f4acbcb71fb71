import { Textarea } from '@mantine/core';

/** The server's bounds. */
const LENGTH_MIN = 3;
export const REASON_MAX = 500;

/** Why a reason cannot be sent yet; null where it can. */
export function reasonMissing(reason: string): string | null {
  return reason.trim().length < LENGTH_MIN ? 'A reason is needed.' : null;
}

interface Props {
  value: string;
  onChange: (reason: string) => void;
  label?: string;
  description?: string;
}

/** Why something is done, as the audit log keeps it. */
export function ReasonField({ value, onChange, label = 'Reason', description = 'Kept in the audit log.' }: Props) {
  return (
    <Textarea label={label} description={description} value={value} autosize minRows={2} maxRows={6} maxLength={REASON_MAX} required data-autofocus
      onChange={(event) => { onChange(event.currentTarget.value); }} />
  );
}
