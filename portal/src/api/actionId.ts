// The id of an action on money. A form draws it when it opens and keeps it until the action has ended, so that a double click,
// a reload or a lost answer never does it twice.

import { useState } from 'react';
import { forget, keep, recall } from '@/util/storage';

const FORM = /^act_[0-9a-f]{32}$/;
const place = (form: string) => `linky-action:${form}`;

export function drawActionId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `act_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** The id of a form, by its name such as `refund:ch_1`: the one that was kept, or a new one. */
export function actionIdOf(form: string): string {
  const kept = recall('session', place(form));
  if (typeof kept === 'string' && FORM.test(kept)) return kept;
  const drawn = drawActionId();
  keep('session', place(form), drawn);
  return drawn;
}

/** The action has ended: the next one of this form is another. */
export function forgetActionId(form: string): void {
  forget('session', place(form));
}

/** The id of a form, and `renew` for when its action has ended or its id was used for something else. */
export function useActionId(form: string): { id: string; renew: () => void } {
  const [drawn, setDrawn] = useState({ form, id: actionIdOf(form) });
  const current = drawn.form === form ? drawn : { form, id: actionIdOf(form) };
  const renew = () => {
    forgetActionId(form);
    setDrawn({ form, id: actionIdOf(form) });
  };
  return { id: current.id, renew };
}
