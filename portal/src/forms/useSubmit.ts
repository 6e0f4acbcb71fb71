import { useState } from 'react';

/** Something that is sent once at a time, and what it was refused with. */
export function useSubmit<A extends unknown[]>(send: (...of: A) => Promise<unknown>) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (...of: A) => {
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await send(...of);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return { submit, isBusy, error, clear: () => { setError(null); } };
}
