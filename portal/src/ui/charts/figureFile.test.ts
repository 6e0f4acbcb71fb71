import { expect, it } from 'vitest';
import { periodsOf } from '@/api/figures/periods';
import type { ReportDay } from '@/api/types';
import { figureFile } from './figureFile';
import type { Figure } from './types';

const none = { count: 0, cents: 0 };

const day = (of: string, closed: boolean): ReportDay => ({
  day: of, counted_until: `${of}T12:00:00.000Z`, closed, currency: 'usd', mrr_cents: 0, plans: {}, movements: {}, founding: { begun: 0, converted: 0, left: 0 },
  payments: { paid: none, failed: none, recovered: none }, refunds: none, disputes: none,
  webhooks: { deliveries: 0, answers: {}, lag_p50_s: null, lag_p95_s: null },
});

it('has the days a step is made of, and numbers that a spreadsheet takes for numbers', async () => {
  const [october, november] = periodsOf([day('2026-10-31', true), day('2026-11-01', true), day('2026-11-02', false)], 'month');
  if (!october || !november) throw new Error('two months');
  const rows = [{ period: october, cents: -7_050, rate: null }, { period: november, cents: 0, rate: 0.015 }];
  const figures: Figure<(typeof rows)[number]>[] = [
    { key: 'cents', label: 'Churn', unit: 'money', value: (it) => it.cents }, { key: 'rate', label: '=Rate', unit: 'rate', value: (it) => it.rate },
  ];
  const text = await (await figureFile({ rows, figures, currency: 'usd' })).text();
  expect(text.replace('\uFEFF', '')).toBe([
    "From (UTC),To (UTC),Complete,Churn (USD),'=Rate (%)", '2026-10-31,2026-10-31,no,-70.5,', '2026-11-01,2026-11-02,no,0,1.5', '',
  ].join('\r\n'));
});
