import { Button, Loader } from '@mantine/core';
import { IconCircleCheck, IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { verifyLog } from '@/api/audit';
import type { Staff, Verified } from '@/api/types';
import { useCommands } from '@/ui/commands/registry';
import { FormError } from '@/ui/states/ErrorState';
import { count } from '@/util/words';
import { actorName } from './actors';
import classes from './AuditPage.module.css';

const MARKS = { busy: IconShieldCheck, none: IconShieldCheck, broken: IconShieldX, whole: IconCircleCheck } as const;

/** Looks through the whole log for an entry that is not as it was written. */
export function Verify({ staff }: { staff: readonly Staff[] | undefined }) {
  const [found, setFound] = useState<Verified | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => { running.current?.abort(); }, []);

  const run = async () => {
    const controller = new AbortController();
    running.current = controller;
    setBusy(true);
    setError(null);
    setFound(null);
    try {
      setFound(await verifyLog(setFound, controller.signal));
    } catch (thrown) {
      if (controller.signal.aborted) setFound(null);
      else setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  useCommands([{ id: 'verify', label: 'Verify the audit log', group: 'Actions', run: () => { if (!isBusy) void run(); } }]);

  const state = isBusy ? 'busy' : found === null ? 'none' : found.broken ? 'broken' : 'whole';
  const Mark = MARKS[state];
  return (
    <div className={classes.verify} data-state={state}>
      <span className={classes.verifyMark} aria-hidden>{isBusy ? <Loader size={18} /> : <Mark size={20} />}</span>
      <span role="status" className={classes.verifyWords}>{wordsOf(state, found, staff)}</span>
      {isBusy ? <Button size="compact-sm" variant="default" onClick={() => { running.current?.abort(); }}>Stop</Button>
        : <Button size="compact-sm" variant="default" onClick={() => { void run(); }}>{found === null ? 'Verify the log' : 'Verify again'}</Button>}
      {error !== null && <div className={classes.verifyError}><FormError error={error} /></div>}
    </div>
  );
}

function wordsOf(state: string, found: Verified | null, staff: readonly Staff[] | undefined) {
  if (found === null) return state === 'busy' ? 'Looking through the log…' : 'Each entry contains the hash of the one before, so that a changed one is found.';
  const looked = `${count(found.entries, 'entry', 'entries')} of ${count(found.chains, 'person or part', 'people and parts')}`;
  if (found.broken) {
    const { actor, why } = found.broken;
    return <><strong>The log is broken.</strong> In the chain of {actorName(actor, staff)}, {why}. {looked} were looked at. Tell an engineer.</>;
  }
  return state === 'busy' ? `Looking through the log: ${looked} so far…` : <><strong>The log is whole.</strong> {looked}: all as they were written.</>;
}
