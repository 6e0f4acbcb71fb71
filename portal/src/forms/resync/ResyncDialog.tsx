import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { applyAll, previewAll } from '@/api/repair';
import { notify } from '@/ui/notices/notify';
import { FormError } from '@/ui/states/ErrorState';
import { LoadingRows } from '@/ui/states/Loading';
import { count } from '@/util/words';
import classes from '../forms.module.css';
import { ReasonDialog } from '../ReasonDialog';
import { ResyncPreview } from './ResyncPreview';

interface Props {
  /** By their ids at Stripe. */
  customers: readonly string[];
  /** Where it is one of whom the name is known. */
  person?: string;
  onClose: () => void;
}

/** Puts the record of customers right by Stripe, after it was shown what differs. */
export function ResyncDialog({ customers, person, onClose }: Props) {
  const client = useQueryClient();
  const [through, setThrough] = useState<number | null>(null);
  const shown = useQuery({
    queryKey: ['resync', customers], queryFn: ({ signal }) => previewAll(customers, signal), staleTime: 0, gcTime: 0, refetchOnWindowFocus: false,
  });
  const differing = shown.data?.filter(({ found }) => found.differences.some((it) => it.at_stripe)).map(({ customer }) => customer) ?? [];
  const blocked = shown.isError ? 'What differs could not be shown.' : shown.data === undefined ? 'Comparing with Stripe…'
    : differing.length === 0 ? 'Nothing differs that could be repaired.' : null;
  const who = person ?? count(customers.length, 'customer');
  const run = async (reason: string) => {
    await applyAll(differing, reason, setThrough);
    const title = `${person ?? count(differing.length, 'customer')} put right`;
    void notify({ title, message: 'What Stripe says is on record within seconds.', tone: 'good' });
    await client.invalidateQueries({ queryKey: ['users'] });
  };
  return (
    <ReasonDialog opened size="lg" onClose={onClose} title={person === undefined ? `Repair ${who}?` : `Resync with Stripe: ${person}`}
      confirmLabel={`Repair ${who}`}
      blocked={blocked} onConfirm={run}>
      <div className={classes.fields}>
        <span className={classes.quiet}>
          Nothing is done yet. This is how the record differs from Stripe at this moment; with a repair Stripe’s word is taken.
        </span>
        {shown.data ? <ResyncPreview compared={shown.data} person={person} /> : shown.isError ? <FormError error={shown.error} /> : <LoadingRows rows={3} />}
        {through !== null && differing.length > 1 && <span role="status">{through} of {differing.length} repaired…</span>}
      </div>
    </ReasonDialog>
  );
}
