/** What changes what a bill asks for, and what it asks for on a day. */
import { Command, Query } from '@nestjs/cqrs';
import type { BillId, FeeItemId } from '#libs/kernel/ids/index.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { BillPrice } from './payment-steps.js';
import type { BillView } from './views.js';

export type AdjustBillRejection = Rejection<
  | 'FORBIDDEN'
  | 'BILL_NOT_FOUND'
  | 'BILL_ALREADY_PAID'
  | 'BILL_CANCELLED'
  | 'BILL_EXPIRED'
  | 'BILL_WRITTEN_OFF'
  | 'AMOUNT_EXCEEDS_OUTSTANDING'
  | 'INVALID_AMOUNT'
  | 'UNKNOWN_FEE_ITEM'
  | 'IDEMPOTENCY_CONFLICT'
>;

/**
 * Role `bursar`. A credit note lowers what a bill asks for, never below what is paid or reserved; a debit note raises it. Only
 * on a bill that still asks for something.
 */
export class AdjustBill extends Command<Outcome<BillView, AdjustBillRejection>> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly billId: BillId;
      readonly note: 'credit' | 'debit';
      /** Above zero. */
      readonly amount: Money;
      /** Absent: a debit raises the item paid last, a credit lowers items from the one paid last on. */
      readonly feeItemId?: FeeItemId;
      /** 1 to 500 characters. */
      readonly reason: string;
    },
  ) {
    super();
  }
}

export type WriteOffBillRejection = Rejection<
  | 'FORBIDDEN'
  | 'BILL_NOT_FOUND'
  | 'BILL_ALREADY_PAID'
  | 'BILL_RESERVED'
  | 'BILL_CANCELLED'
  | 'BILL_EXPIRED'
  | 'BILL_WRITTEN_OFF'
  | 'WRITE_OFF_PENDING'
  | 'IDEMPOTENCY_CONFLICT'
>;

/** Waits for a second person, or what became of it: `BillView.status` tells once it is done. */
export interface WriteOffRequestView {
  readonly approvalId: string;
  /** Outstanding when it was asked for; never more is given up. */
  readonly amount: Money;
  readonly bill: BillView;
}

/** Role `bursar`. What is outstanding is given up once a second person grants it (approval kind `writeOff`). */
export class WriteOffBill extends Command<Outcome<WriteOffRequestView, WriteOffBillRejection>> {
  constructor(
    readonly context: RequestContext,
    readonly input: { readonly idempotencyKey: string; readonly billId: BillId; readonly reason: string },
  ) {
    super();
  }
}

/**
 * What the bill asks for on a day, today without one; from the write side. Staff of the organisation, and payers of the tenant,
 * who would learn it from a payment as well.
 */
export class BillPriceOn extends Query<BillPrice | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: BillId,
    readonly asOf?: LocalDate,
  ) {
    super();
  }
}
