import { Radio, SegmentedControl } from '@mantine/core';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError } from '@/api/error';
import { changePlan, previewPlan } from '@/api/orders';
import type { Plan, PlanPreview, When } from '@/api/types';
import { plansQuery } from '@/api/user';
import { FormError } from '@/ui/states/ErrorState';
import { LoadingRows } from '@/ui/states/Loading';
import { formatMoney } from '@/util/money';
import { day } from '@/util/time';
import { planName } from '@/util/words';
import { ReasonField, reasonMissing } from '../ReasonField';
import { OrderDialog } from './OrderDialog';
import { PreviewLines } from './PreviewLines';
import type { UserFormProps } from './props';
import { useDraft } from './useDraft';
import { useOrder } from './useOrder';
import { Verdict } from './Verdict';
import classes from './user-forms.module.css';

interface Draft {
  plan: Plan | '';
  when: When | '';
  reason: string;
}

/** Moves a customer to another plan, exactly as the preview shows. */
export function PlanForm({ user, person, onClose }: UserFormProps) {
  const order = useOrder(user.id, 'change_plan');
  const client = useQueryClient();
  const plans = useQuery(plansQuery);
  const { draft, set, clear } = useDraft<Draft>(`change_plan:${user.id}`, { plan: '', when: '', reason: '' });
  const { plan } = draft;
  const queryKey = ['plan preview', user.id, plan, draft.when];
  const preview = useQuery({
    queryKey, enabled: plan !== '' && order.action === null, placeholderData: keepPreviousData, retry: false, refetchOnWindowFocus: false, staleTime: 60_000,
    queryFn: ({ signal }) => previewPlan(user.id, plan as Plan, draft.when === '' ? undefined : draft.when, signal),
  });
  const shown = plan !== '' && !preview.isPlaceholderData ? preview.data : undefined;
  const isStale = order.error instanceof ApiError && order.error.code === 'preview_stale';
  const send = async (id: string, as: PlanPreview) => {
    try {
      return await changePlan(user.id, id, as, draft.reason.trim());
    } catch (error) {
      if (error instanceof ApiError && error.code === 'preview_stale') await client.invalidateQueries({ queryKey });
      throw error;
    }
  };
  const missing = plan === '' ? 'Choose a plan.' : shown === undefined
    ? (preview.isError ? 'It cannot be changed like this.' : 'Asking Stripe what it comes to…') : reasonMissing(draft.reason);
  return (
    <OrderDialog title={`Change plan: ${person}`} person={person} order={order} blocked={missing} onDone={clear} onClose={onClose}
      summary={shown ? summary(shown, person) : 'Choose a plan.'}
      confirmLabel={shown ? `Change to ${planName(shown.to)}${shown.due_now.amount_cents > 0 ? `, charge ${formatMoney(shown.due_now)}` : ''}` : 'Change plan'}
      onSend={(id) => (shown ? send(id, shown) : Promise.reject(new Error('nothing was shown')))}>
      {plans.isPending && <LoadingRows rows={3} />}
      {plans.isError && <FormError error={plans.error} />}
      {plans.data && (
        <Radio.Group label="Plan" value={plan} onChange={(next) => { set({ plan: next, when: '' }); }}>
          <div className={classes.choices}>
            {plans.data.plans.map((it) => {
              const off = it.plan === user.plan ? 'Present plan' : it.then !== null ? 'For new customers only' : null;
              return <Radio key={it.plan} value={it.plan} disabled={off !== null} label={`${it.name} · ${it.price}`} description={off} />;
            })}
          </div>
        </Radio.Group>
      )}
      {plan !== '' && (
        <SegmentedControl aria-label="When" value={draft.when === '' ? (shown?.when ?? 'now') : draft.when} onChange={(when) => { set({ when: when }); }}
          data={[{ value: 'now', label: 'Now' }, { value: 'period_end', label: 'At the period’s end' }]} />
      )}
      {plan !== '' && preview.isFetching && !shown && <LoadingRows rows={3} />}
      {plan !== '' && preview.isError && <FormError error={preview.error} />}
      {shown && <PreviewLines of={shown} />}
      {isStale && shown && <p className={classes.quiet} role="status">The amounts were counted anew. Look at them, then confirm.</p>}
      {shown && <Verdict verdict={shown.verdict} concerns={shown.concerns} approver={shown.approver} />}
      <ReasonField value={draft.reason} onChange={(reason) => { set({ reason }); }} />
    </OrderDialog>
  );
}

function summary({ from, to, when, due_now, effective_at }: PlanPreview, person: string): string {
  const moves = `${person} moves from ${planName(from)} to ${planName(to)}`;
  if (when === 'period_end') return `${moves} on ${day(effective_at)}. Nothing is charged now.`;
  return `${moves} now. ${due_now.amount_cents > 0 ? `${formatMoney(due_now)} is charged at once.` : 'Nothing is charged now.'}`;
}
