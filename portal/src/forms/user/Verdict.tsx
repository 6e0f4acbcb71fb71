import { Loader } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconUserCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Concern, Role, Verdict as Word } from '@/api/types';
import { concernWords, ROLES } from '@/util/words';
import classes from './user-forms.module.css';

interface Props {
  verdict: Word | null;
  concerns?: readonly Concern[];
  approver?: Role | null;
  isLoading?: boolean;
}

/** Whether one person is enough, told before anything is sent. */
export function Verdict({ verdict, concerns = [], approver = null, isLoading = false }: Props) {
  if (verdict === null) return <Line>{isLoading && <><Loader size={16} /> <span className={classes.quiet}>Checking…</span></>}</Line>;
  if (verdict === 'allowed') return <Line tone="good"><IconCircleCheck size={18} aria-hidden /> You may do this by yourself.</Line>;
  if (verdict === 'refused') return <Line tone="bad"><IconCircleX size={18} aria-hidden /> Your role may not do this.</Line>;
  return (
    <Line tone="attention">
      <IconUserCheck size={18} aria-hidden />
      <span>
        <strong>Needs approval</strong> by somebody else{approver && `: ${ROLES[approver]} or higher`}. {concerns.map((it) => `${concernWords(it)}.`).join(' ')}
      </span>
    </Line>
  );
}

function Line({ tone, children }: { tone?: 'good' | 'attention' | 'bad'; children: ReactNode }) {
  return <div className={classes.verdict} data-tone={tone} aria-live="polite">{children}</div>;
}
