import { Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './PageTitle.module.css';

interface Props {
  title: string;
  /** The list that this is one of. */
  back?: { to: string; label: string; search?: Record<string, string> };
  /** A line below: what the page is for, or how things stand. */
  children?: ReactNode;
  /** Buttons at the right. */
  actions?: ReactNode;
  /** Beside the title: a badge, an id. */
  beside?: ReactNode;
}

/** The head of a page. It names the browser's tab as well. */
export function PageTitle({ title, back, children, actions, beside }: Props) {
  useDocumentTitle(`${title} · Linky billing`);
  return (
    <header className={classes.head}>
      <div className={classes.words}>
        {back && <Link to={back.to} search={back.search ?? {}} className={classes.back}>{back.label}</Link>}
        <div className={classes.line}>
          <Title order={1}>{title}</Title>
          {beside}
        </div>
        {children !== undefined && <div className={classes.below}>{children}</div>}
      </div>
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
    </header>
  );
}
