// What the server counts of a day.

/** How many, and how much in all. */
export interface FigureSum {
  count: number;
  cents: number;
}

export interface Book {
  customers: number;
  mrr_cents: number;
}

export interface ReportDay {
  day: string;
  counted_until: string;
  closed: boolean;
  currency: string;
  mrr_cents: number;
  plans: Record<string, Book>;
  movements: Record<string, FigureSum>;
  founding: { begun: number; converted: number; left: number };
  payments: { paid: FigureSum; failed: FigureSum; recovered: FigureSum };
  refunds: FigureSum;
  disputes: FigureSum;
  webhooks: { deliveries: number; answers: Record<string, number>; lag_p50_s?: number | null; lag_p95_s?: number | null };
}

export interface Reports {
  days: ReportDay[];
}
