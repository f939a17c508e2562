/** What other contexts and the gateway may see of billing. */
import { Command, Query } from '@nestjs/cqrs';
import type { BillId, FeeItemId, OrganisationId, PaymentId, SubjectId } from '#libs/kernel/ids/index.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { Page, PageRequest } from '#libs/views/port/index.js';
import type { ReservedBill, ReserveBillRejection } from './payment-steps.js';
import type { BillFilter, BillTimelineEntry, BillTotals, BillView, FeeItemView } from './views.js';

export type * from './views.js';
export * from './owed.js';
export * from './terms.js';
export { billIdFor, billingTermsIdFor, feeItemIdFor } from './ids.js';
export { BILL_STATUS } from './status.js';
export { OPEN_BILLS, type OpenBills } from './open-bills.js';
export { BILL_PAYMENT_STEPS } from './payment-steps.js';
export type {
  BillPaymentSteps,
  BillPrice,
  PaymentStep,
  RefundStep,
  ReserveAsk,
  ReservedBill,
  ReserveBillRejection,
} from './payment-steps.js';

// --- fee items -------------------------------------------------------------------------------------------------------

export interface DefineFeeItemInput {
  readonly idempotencyKey: string;
  readonly organisationId: OrganisationId;
  readonly code: string;
  readonly name: string;
  readonly category: string;
  readonly glCode: string;
  readonly priority: number;
}
export type DefineFeeItemRejection = Rejection<
  'FORBIDDEN' | 'FEE_ITEM_CODE_TAKEN' | 'IDEMPOTENCY_CONFLICT' | 'INVALID_FEE_ITEM'
>;

/** Role `bursar` of the organisation. The fee item's id derives from organisation and code. */
export class DefineFeeItem extends Command<Outcome<FeeItemView, DefineFeeItemRejection>> {
  constructor(
    readonly context: RequestContext,
    readonly input: DefineFeeItemInput,
  ) {
    super();
  }
}

export class FeeItemsOf extends Query<readonly FeeItemView[]> {
  constructor(
    readonly context: RequestContext,
    readonly organisationId: OrganisationId,
  ) {
    super();
  }
}

// --- issuing ---------------------------------------------------------------------------------------------------------

export interface BillContent {
  readonly payer: {
    readonly subjectId: SubjectId;
    readonly number: string;
    readonly name: string;
    readonly group: string;
    readonly grade: string;
  };
  readonly academicYear: string;
  readonly term: string;
  readonly feeItemId: FeeItemId;
  readonly amount: Money;
  readonly waived: Money;
  readonly dueDate: LocalDate;
}

export type IssueBillRejection = Rejection<
  | 'FORBIDDEN'
  | 'BILL_ALREADY_PAID'
  | 'BILL_RESERVED'
  | 'BILL_CANCELLED'
  | 'BILL_EXPIRED'
  | 'BILL_WRITTEN_OFF'
  | 'UNKNOWN_FEE_ITEM'
  | 'INVALID_BILL'
>;

/** What `IssueBill` did: a re-upload of the same content changes nothing. */
export type IssueEffect = 'issued' | 'amended' | 'unchanged';

/**
 * Issues one bill, or amends it when the content differs. The bill's id derives from organisation, academic year, term,
 * payer number and fee item (`billIdFor`), which makes a re-upload harmless. Meant for thousands of calls in flight.
 */
export class IssueBill extends Command<
  Outcome<{ readonly billId: BillId; readonly effect: IssueEffect }, IssueBillRejection>
> {
  constructor(
    readonly context: RequestContext,
    readonly organisationId: OrganisationId,
    readonly content: BillContent,
    /** UUID derived by the caller from its own command, so that a repeated job repeats the identical command. */
    readonly commandId: string,
  ) {
    super();
  }
}

/** The bills as they are now, by id; unknown ids are absent. From the write side, so that a preview never lags. */
export class BillsAsOfNow extends Query<ReadonlyMap<BillId, BillSnapshot>> {
  constructor(
    readonly context: RequestContext,
    readonly organisationId: OrganisationId,
    readonly ids: readonly BillId[],
  ) {
    super();
  }
}

export interface BillSnapshot {
  readonly id: BillId;
  readonly status: BillView['status'];
  readonly total: Money;
  readonly waived: Money;
  readonly paid: Money;
  readonly reserved: Money;
  readonly dueDate: LocalDate;
}

export type CancelBillRejection = Rejection<
  | 'FORBIDDEN'
  | 'IDEMPOTENCY_CONFLICT'
  | 'BILL_NOT_FOUND'
  | 'BILL_ALREADY_PAID'
  | 'BILL_RESERVED'
  | 'BILL_CANCELLED'
  | 'BILL_EXPIRED'
  | 'BILL_WRITTEN_OFF'
>;

/** Role `bursar`. Only a bill on which nothing was paid can be cancelled. */
export class CancelBill extends Command<Outcome<BillView, CancelBillRejection>> {
  constructor(
    readonly context: RequestContext,
    readonly input: { readonly idempotencyKey: string; readonly billId: BillId; readonly reason: string },
  ) {
    super();
  }
}

// --- taking payment on a bill (called by payments; within one process by `BillPaymentSteps`) -----------------------------

/** One step of one payment on one bill. */
export interface BillStep {
  readonly billId: BillId;
  readonly paymentId: PaymentId;
  /** Derived from the payment and the step. */
  readonly commandId: string;
}

/**
 * Reserves an amount for one payment, so that two payers can never both pay it. Reserving again for the same payment is a
 * no-op. A reservation is given back by `ReleaseBill` only: the payment process decides, never a clock beside it.
 * Without an amount: all that is outstanding.
 */
export class ReserveBill extends Command<Outcome<ReservedBill, ReserveBillRejection>> {
  constructor(
    readonly context: RequestContext,
    readonly step: BillStep & { readonly amount?: Money },
  ) {
    super();
  }
}

/** Gives a reservation back, and bars the payment from reserving later: a reserve that is still on its way finds the door closed. */
export class ReleaseBill extends Command<void> {
  constructor(
    readonly context: RequestContext,
    readonly step: BillStep,
  ) {
    super();
  }
}

/** Turns the reservation into an allocation after the capture; idempotent per payment. */
export class AllocateToBill extends Command<void> {
  constructor(
    readonly context: RequestContext,
    readonly step: BillStep & { readonly amount: Money },
  ) {
    super();
  }
}

// --- reading ---------------------------------------------------------------------------------------------------------

/** Staff of the organisation, and ops and auditors of the tenant; a payer finds bills by `BillsToPay`. */
export class BillById extends Query<BillView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: BillId,
  ) {
    super();
  }
}

/** Staff of the organisation only. Newest first within the order of payer number. */
export class BillsOf extends Query<Page<BillView>> {
  constructor(
    readonly context: RequestContext,
    readonly organisationId: OrganisationId,
    readonly filter: BillFilter,
    readonly page: PageRequest,
  ) {
    super();
  }
}

export class BillTotalsOf extends Query<BillTotals> {
  constructor(
    readonly context: RequestContext,
    readonly organisationId: OrganisationId,
    readonly filter: BillFilter,
  ) {
    super();
  }
}

/**
 * A payer finds what is to be paid: student number and full name must both match; wrong in either looks like "nothing found".
 * Any authenticated payer of the tenant may ask.
 */
export class BillsToPay extends Query<readonly BillView[]> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly organisationId: OrganisationId;
      readonly payerNumber: string;
      readonly payerName: string;
    },
  ) {
    super();
  }
}

export class BillTimeline extends Query<readonly BillTimelineEntry[] | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: BillId,
  ) {
    super();
  }
}
