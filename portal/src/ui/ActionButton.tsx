import { Button, Tooltip, type ButtonProps } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props extends Omit<ButtonProps, 'disabled'> {
  children: ReactNode;
  /** Why it is off. Off, it can still be reached, so that everybody gets to know. */
  off?: string | null;
  onClick: () => void;
  'aria-label'?: string;
}

/** A button that says why it is off. */
export function ActionButton({ off = null, onClick, children, ...rest }: Props) {
  if (off === null) return <Button {...rest} onClick={onClick}>{children}</Button>;
  return (
    <Tooltip label={off} multiline maw={280}>
      <Button {...rest} data-disabled aria-disabled aria-description={off} onClick={(event) => { event.preventDefault(); }}>{children}</Button>
    </Tooltip>
  );
}
