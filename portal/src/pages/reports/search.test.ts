import { expect, it } from 'vitest';
import { readReportsSearch, shownBy } from './search';

const today = '2026-11-26';

it('shows the last ninety days by week where the address says nothing', () => {
  expect(shownBy(readReportsSearch({ range: 'forever', by: 'hour', from: '2026-11-01' }), today)).toEqual({
    range: { from: '2026-08-29', to: today }, before: { from: '2026-05-31', to: '2026-08-28' }, grain: 'week', preset: '90_days',
  });
});

it('takes days of one’s own before a name', () => {
  const search = readReportsSearch({ range: 'month', from: '2026-03-01', to: '2026-03-31', by: 'week' });
  expect(search).toEqual({ from: '2026-03-01', to: '2026-03-31', by: 'week' });
  expect(shownBy(search, today)).toMatchObject({ range: { from: '2026-03-01' }, before: { to: '2026-02-28' }, grain: 'week', preset: null });
});

it('shows the usual days where those of the address cannot be shown', () => {
  expect(shownBy({ from: '2026-11-26', to: '2026-11-27' }, today).preset).toBe('90_days');
  expect(shownBy({ from: '2020-01-01', to: '2026-11-26' }, today).preset).toBe('90_days');
});
