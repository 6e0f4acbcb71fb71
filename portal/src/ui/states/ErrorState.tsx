import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ApiError, explain, isPassing } from '@/api/error';
import { CopyId } from '../CopyId';
import classes from './states.module.css';

interface Props {
  error: unknown;
  onRetry?: () => unknown;
}

/** Stands where something could not be read: what happened, what to do, and what an engineer needs to find it. */
export function ErrorState({ error, onRetry }: Props) {
  const { title, message, toDo, canRetry, requestId } = explain(error);
  return (
    <div className={classes.state} role="alert">
      <span className={classes.icon}><IconAlertTriangle size={28} aria-hidden /></span>
      <div className={classes.title}>{title}</div>
      <div className={classes.quiet}>{message} {toDo}</div>
      {canRetry && onRetry && (
        <div className={classes.actions}>
          <Button variant="default" onClick={() => { void onRetry(); }}>Try again</Button>
        </div>
      )}
      <RequestId id={requestId} />
    </div>
  );
}

/** What a form was told, beside its button. Nothing without an error. */
export function FormError({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  const { title, message, toDo, requestId } = explain(error);
  // What the server decided is said in its words; what failed is explained.
  const isDecided = !isPassing(error) && error instanceof ApiError;
  return (
    <div className={classes.refusal} role="alert">
      <IconAlertTriangle size={18} aria-hidden />
      <div>
        {!isDecided && <strong>{title}. </strong>}
        {message}{!isDecided && ` ${toDo}`}
        {!isDecided && <RequestId id={requestId} />}
      </div>
    </div>
  );
}

function RequestId({ id }: { id: string | null }) {
  if (id === null) return null;
  return <div className={classes.request}>Request <CopyId id={id} of="request id" /></div>;
}
