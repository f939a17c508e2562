import type { BillId, TenantId } from '#libs/kernel/ids/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';

export interface LapsingBill {
  readonly billId: BillId;
  readonly tenant: TenantId;
}

/** Bills whose last day has passed and that nobody is paying, as far as the projection has read the log. */
export interface LapsingBillList {
  pastLastDay(today: LocalDate, limit: number): Promise<readonly LapsingBill[]>;
}

/** Injection token of `LapsingBillList`. */
export const LAPSING_BILLS = Symbol('LAPSING_BILLS');
