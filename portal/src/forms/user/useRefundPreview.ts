import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { previewRefund } from '@/api/orders';
import type { Money } from '@/api/types';

/** Time between the last digit and the question. */
const SETTLED_MS = 300;

/** The reason does not count for what is decided, but the form wants one. */
const LOOK = 'Preview';

export interface Wanted {
  charge: string;
  amount: Money;
  thenCancel: boolean;
}

/** What the server would decide about a refund. */
export function useRefundPreview(user: string, wanted: Wanted | null) {
  const [key] = useDebouncedValue(wanted === null ? null : JSON.stringify(wanted), SETTLED_MS);
  const preview = useQuery({
    queryKey: ['refund preview', user, key],
    queryFn: ({ signal }) => {
      const { charge, amount, thenCancel } = JSON.parse(key ?? '') as Wanted;
      return previewRefund(user, { charge, amount_cents: amount.amount_cents, currency: amount.currency, why: 'other', reason: LOOK,
        then_cancel: thenCancel }, signal);
    },
    enabled: key !== null, retry: false, staleTime: 10_000, refetchOnWindowFocus: false,
  });
  const isCurrent = wanted !== null && key === JSON.stringify(wanted);
  const { verdict = null, concerns = [], approver = null } = (isCurrent ? preview.data : undefined) ?? {};
  return { verdict, concerns, approver, isLoading: wanted !== null && (!isCurrent || preview.isFetching), error: isCurrent ? preview.error : null };
}
