import type { JsonRecord } from './export.js';

export interface FoldedPayment {
  readonly id: string;
  readonly tenant: string;
  readonly account: string;
  status: 'initiated' | 'authorising' | 'unknown' | 'authorised' | 'captured' | 'refused' | 'failed';
  readonly channel: string;
  readonly tender: JsonRecord;
  readonly asset: string;
  /** What the payer agreed to; minor units. */
  readonly total: bigint;
  /** Part of the total. */
  readonly charge: bigint;
  readonly initiatedAt: string;
  readonly quoteId: string | undefined;
  /** The contract that it funds; empty for one that pays bills. */
  readonly funds: string;
  /** Empty until the capture. */
  bills: readonly PaidBill[];
  /** An institution was asked. */
  sought: boolean;
  expiresAt: string;
  /** Money that came in after the refusal. */
  late: 'none' | 'inSuspense' | 'returning' | 'returned' | 'reallocated';
}

export interface PaidBill {
  readonly billId: string;
  readonly organisationId: string;
  /** Allocated on the bill. */
  readonly minor: bigint;
  /** Beyond the bill, to the payer's advance; zero as a rule. */
  readonly advance: bigint;
  readonly advanceId: string;
}
