import { Link, useNavigate } from '@tanstack/react-router';
import type { KeyboardEvent, MouseEvent } from 'react';
import classes from './DataTable.module.css';
import type { Column } from './types';

interface Props<T> {
  row: T;
  columns: readonly Column<T>[];
  to: string | undefined;
  isActive: boolean;
  isChanged: boolean;
  onOpen: (() => void) | undefined;
  onFocus: () => void;
}

/** What has a use of its own when it is clicked. */
const OWN = 'a, button, input, label, select, textarea, [role=menuitem]';

export function Row<T>({ row, columns, to, isActive, isChanged, onOpen, onFocus }: Props<T>) {
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
  const named = Math.max(0, columns.findIndex((column) => column.isName));
  return (
    <tr className={classes.row} data-row data-opens={canOpen} data-changed={isChanged} tabIndex={isActive ? 0 : -1} onClick={clicked}
      onKeyDown={pressed} onFocus={onFocus}>
      {columns.map((column, index) => {
        const content = column.cell(row);
        const isLink = index === named && to !== undefined;
        return (
          <td key={column.key} data-align={column.align} data-hide={column.hideBelow}>
            {isLink ? <Link to={to} className={classes.link} tabIndex={-1}>{content}</Link> : content}
          </td>
        );
      })}
    </tr>
  );
}
