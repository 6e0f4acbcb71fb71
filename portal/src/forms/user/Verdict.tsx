import { Loader } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconUserCheck } from '@tabler/icons-react';
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
  if (verdict === null) return <div className={classes.verdict} aria-live="polite">{isLoading && <><Loader size={16} /> <span className={classes.quiet}>Checking…</span></>}</div>;
  if (verdict === 'allowed') return <div className={classes.verdict} data-tone="good" aria-live="polite"><IconCircleCheck size={18} aria-hidden /> You may do this by yourself.</div>;
  if (verdict === 'refused') return <div className={classes.verdict} data-tone="bad" aria-live="polite"><IconCircleX size={18} aria-hidden /> Your role may not do this.</div>;
  return (
    <div className={classes.verdict} data-tone="attention" aria-live="polite">
      <IconUserCheck size={18} aria-hidden />
      <span>
        <strong>Needs approval</strong> by somebody else{approver && `: ${ROLES[approver]} or higher`}. {concerns.map((it) => `${concernWords(it)}.`).join(' ')}
      </span>
    </div>
  );
}
