import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useActionId } from '@/api/actionId';
import { ApiError, NetworkError } from '@/api/error';
import { actionQuery, hasEnded } from '@/api/orders';
import type { Action } from '@/api/types';
import { forget, keep, recall } from '@/util/storage';
import { useSubmit } from '../useSubmit';

const place = (id: string) => `linky-sent:${id}`;

/** Whether the server may have taken an order although it answered so. */
const isOpen = (error: unknown) => error instanceof NetworkError || (error instanceof ApiError && error.status >= 500);

export interface OrderState {
  /** The action, once the server has it. */
  action: Action | null;
  /** An order that was sent before a reload is being looked up. */
  isLookedUp: boolean;
  isBusy: boolean;
  error: unknown;
  send: (order: (id: string) => Promise<Action>) => Promise<void>;
  /** The next order of this form is another one. */
  renew: () => void;
}

/** One order on a customer, from the form until it has ended. Sent twice, or sent again after a lost answer, it is done once. */
export function useOrder(user: string, form: string): OrderState {
  const client = useQueryClient();
  const { id, renew } = useActionId(`${form}:${user}`);
  const [sent, setSent] = useState(() => (recall('session', place(id)) === true ? id : null));
  const isSent = sent === id;
  const { data, isLoading } = useQuery({ ...actionQuery(id), enabled: isSent });
  const { submit, isBusy, error, clear } = useSubmit(async (order: (id: string) => Promise<Action>) => {
    keep('session', place(id), true);
    try {
      client.setQueryData(actionQuery(id).queryKey, await order(id));
      setSent(id);
    } catch (thrown) {
      if (isOpen(thrown)) {
        // Its answer may be what was lost. Where the server has it, it is shown; where not, the form stays.
        setSent(id);
        void client.invalidateQueries({ queryKey: actionQuery(id).queryKey });
      } else {
        forget('session', place(id));
        if (thrown instanceof ApiError && thrown.code === 'action_id_reused') renew();
      }
      throw thrown;
    }
  });

  const state = data?.state;
  useEffect(() => {
    if (state === undefined) return;
    void client.invalidateQueries({ queryKey: ['users', user] });
    void client.invalidateQueries({ queryKey: ['actions'] });
    // What Stripe tells of it comes a moment later, as an event.
    if (!hasEnded(state)) return;
    const timer = setTimeout(() => { void client.invalidateQueries({ queryKey: ['users', user] }); }, 1_500);
    return () => { clearTimeout(timer); };
  }, [client, user, state]);

  return {
    action: isSent ? (data ?? null) : null, isLookedUp: isSent && isLoading, isBusy, error,
    send: submit,
    renew: () => {
      forget('session', place(id));
      clear();
      renew();
    },
  };
}
