import { useNavigate } from '@tanstack/react-router';
import type { KeyboardEvent, MouseEvent } from 'react';
import { Cells } from './Cells';
import classes from './DataTable.module.css';
import type { Fold } from './useFold';

interface Props<T> {
  row: T;
  fold: Fold<T>;
  to: string | undefined;
  isActive: boolean;
  isChanged: boolean;
  onOpen: (() => void) | undefined;
  onFocus: () => void;
}

/** What has a use of its own when it is clicked. */
const OWN = 'a, button, input, label, select, textarea, [role=menuitem]';

export function Row<T>({ row, fold, to, isActive, isChanged, onOpen, onFocus }: Props<T>) {
  const navigate = useNavigate();
  const canOpen = to !== undefined || onOpen !== undefined;
  const open = () => {
    if (onOpen) onOpen();
    else if (to !== undefined) void navigate({ to });
  };
  const clicked = (event: MouseEvent<HTMLTableRowElement>) => {
    const isOwn = event.target instanceof Element && event.target.closest(OWN) !== null;
    const isSelecting = window.getSelection()?.isCollapsed === false;
    if (canOpen && !isOwn && !isSelecting) open();
  };
  const pressed = (event: KeyboardEvent<HTMLTableRowElement>) => {
    if (event.key !== 'Enter' || event.target !== event.currentTarget || !canOpen) return;
    event.preventDefault();
    open();
  };
  return (
    <tr className={classes.row} data-row data-opens={canOpen} data-changed={isChanged} tabIndex={isActive ? 0 : -1} onClick={clicked}
      onKeyDown={pressed} onFocus={onFocus}>
      <Cells row={row} fold={fold} to={to} />
    </tr>
  );
}
