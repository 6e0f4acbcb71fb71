import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { reportsQuery } from '@/api/reports';
import { PageTitle } from '@/ui/PageTitle';
import { EmptyState } from '@/ui/states/EmptyState';
import { ErrorState } from '@/ui/states/ErrorState';
import { LoadingRows } from '@/ui/states/Loading';
import { useNow } from '@/util/clock';
import { rangeWords } from '@/util/range';
import { utcDay } from '@/util/time';
import { RangeBar } from './RangeBar';
import { Report } from './Report';
import { shownBy, type ReportsSearch } from './search';
import classes from './ReportsPage.module.css';

const route = getRouteApi('/inside/reports');

export function ReportsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  // At midnight the ranges with names move on by a day.
  const today = utcDay(useNow());
  const shown = useMemo(() => shownBy(search, today), [search, today]);
  const report = useQuery({ ...reportsQuery(shown.range), placeholderData: keepPreviousData });
  const before = useQuery(reportsQuery(shown.before));
  const set = (next: ReportsSearch) => { void navigate({ search: next, resetScroll: false }); };
  const { data, error, refetch, isPlaceholderData } = report;
  return (
    <>
      <PageTitle title="Reports">{rangeWords(shown.range)}. Counted on the day on which we learnt of it, in UTC.</PageTitle>
      <RangeBar search={search} shown={shown} today={today} set={set} />
      {data === undefined && (error ? <ErrorState error={error} onRetry={refetch} /> : <LoadingRows rows={14} height={30} />)}
      {data && (
        <div className={classes.figures} aria-busy={isPlaceholderData}>
          {data.days.length === 0 ? <EmptyState title="Nothing was counted in these days">Figures are counted every hour from what Stripe tells.</EmptyState>
            : <Report days={data.days} before={before.data?.days} shown={shown} />}
        </div>
      )}
    </>
  );
}
