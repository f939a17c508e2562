import type { BillId, FeeItemId, OrganisationId, PaymentId, SubjectId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';

export interface FeeItemView {
  readonly id: FeeItemId;
  readonly organisationId: OrganisationId;
  /** Unique within the organisation; what workbooks name in 收费项目 is matched against code or name. */
  readonly code: string;
  readonly name: string;
  readonly category: string;
  readonly glCode: string;
  /** 1 is paid first. */
  readonly priority: number;
  readonly retired: boolean;
}

export type BillStatus =
  | 'ISSUED'
  | 'PARTIALLY_PAID'
  | 'PAID'
  | 'PARTIALLY_REFUNDED'
  | 'REFUNDED'
  | 'CANCELLED'
  | 'EXPIRED'
  | 'WRITTEN_OFF';

export interface BillItemView {
  readonly feeItemId: FeeItemId;
  readonly code: string;
  readonly name: string;
  readonly amount: Money;
}

export interface BillView {
  readonly id: BillId;
  /** Human number, unique within the organisation. */
  readonly number: string;
  readonly organisationId: OrganisationId;
  readonly payer: BillPayer;
  readonly academicYear: string;
  readonly term: string;
  readonly items: readonly BillItemView[];
  /** Sum of the items. */
  readonly total: Money;
  readonly waived: Money;
  /** Debit notes less credit notes; may be below zero. */
  readonly adjusted: Money;
  /** Charged so far and not waived; what accrues since is part of what is due (`BillPriceOn`). */
  readonly lateFeeCharged: Money;
  /** Granted for paying early. */
  readonly rebate: Money;
  /** What payments that count have paid, refunds not taken off. */
  readonly paid: Money;
  /** Gone back to the payer; the bill stays settled. */
  readonly refunded: Money;
  /** total + adjusted + lateFeeCharged − waived − rebate − paid, never below zero; nothing once the bill is closed. */
  readonly outstanding: Money;
  /** Held by a payment under way; `outstanding` still contains it. */
  readonly reserved: Money;
  readonly dueDate: LocalDate;
  readonly status: BillStatus;
  readonly issuedAt: Instant;
}

/** Whom the bill is for. `name` is null once the person's data has been erased. */
export interface BillPayer {
  readonly subjectId: SubjectId;
  /** Student number, customer number …: how the organisation knows the person. */
  readonly number: string;
  readonly name: string | null;
  /** Class, department …: for filters and totals. */
  readonly group: string;
  readonly grade: string;
}

export interface BillFilter {
  readonly statuses?: readonly BillStatus[];
  readonly overdueAsOf?: LocalDate;
  readonly academicYear?: string;
  readonly term?: string;
  readonly feeItemId?: FeeItemId;
  readonly grade?: string;
  readonly group?: string;
  readonly payerNumber?: string;
  /** Bill number, payer number or part of the payer's name. */
  readonly search?: string;
}

export interface BillTotals {
  readonly count: number;
  readonly billed: Money;
  readonly waived: Money;
  readonly adjusted: Money;
  readonly lateFee: Money;
  readonly rebate: Money;
  readonly paid: Money;
  readonly refunded: Money;
  readonly outstanding: Money;
}

/** One line of a bill's timeline, straight from the log. */
export interface BillTimelineEntry {
  readonly eventId: string;
  readonly revision: number;
  /** Domain event type: `BillIssued`. */
  readonly type: string;
  readonly at: Instant;
  readonly actor: string;
  readonly amount?: Money;
  readonly paymentId?: PaymentId;
  /** Key of a translated sentence and its figures. */
  readonly messageKey: string;
  readonly details: Readonly<Record<string, string>>;
}
