/** What other contexts and the gateway may see of payments. */
import { Command, Query } from '@nestjs/cqrs';
import type { BillId, OrganisationId, PaymentId } from '#libs/kernel/ids/index.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { Page, PageRequest } from '#libs/views/port/index.js';
import type { Channel } from '../domain/payment/index.js';
import type {
  AdvanceView,
  OpenPaymentView,
  PayBillsInput,
  PayBillsRejectionCode,
  PaymentFilter,
  PaymentMethod,
  PaymentView,
  QuoteRejectionCode,
  QuoteView,
  ReceiptView,
} from './payments.js';

export type { Channel };
export type * from './payments.js';
export * from './funding.js';
export * from './payouts.js';
export * from './qr.js';
export * from './verification.js';
export * from './verification.js';
export * from './hard-wallets.js';
export * from './transfers.js';
export * from './wallets.js';

// --- payments --------------------------------------------------------------------------------------------------------

/**
 * Pays bills in one payment: initiate → reserve every bill → hold the wallet or take the cash → capture with postings →
 * allocate → receipts. Answers when the capture is durable and the receipts are numbered.
 * The payment's id derives from tenant, account and idempotency key: the same key with the same input answers the same
 * outcome (failures too), with another input `IDEMPOTENCY_CONFLICT`.
 */
export class PayBills extends Command<Outcome<PaymentView, Rejection<PayBillsRejectionCode>>> {
  constructor(
    readonly context: RequestContext,
    readonly input: PayBillsInput,
  ) {
    super();
  }
}

/**
 * Whoever asked for the payment calls it off while it has not come to its end. Too late, and the answer is the captured
 * payment; `CANCELLED` otherwise. An institution that does not answer leaves it as it is.
 */
export class CancelPayment extends Command<Outcome<PaymentView, Rejection<'PAYMENT_NOT_FOUND'>>> {
  constructor(
    readonly context: RequestContext,
    readonly input: { readonly idempotencyKey: string; readonly paymentId: PaymentId },
  ) {
    super();
  }
}

/** The payment as it would be, by the very same steps; nothing is stored and no institution is asked. */
export class PreviewPayment extends Query<Outcome<PaymentView, Rejection<PayBillsRejectionCode>>> {
  constructor(
    readonly context: RequestContext,
    readonly input: PayBillsInput,
  ) {
    super();
  }
}

/** Promises the all-in price of paying these bills by this channel for a quarter of an hour. */
export class QuotePayment extends Command<Outcome<QuoteView, Rejection<QuoteRejectionCode>>> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      /** 1 to 50 distinct bills. `amount` absent: all that is due. */
      readonly bills: readonly { readonly billId: BillId; readonly amount?: Money }[];
      readonly channel: PaymentMethod['channel'];
    },
  ) {
    super();
  }
}

/** Staff of the organisation: what its payers have paid in advance. Newest first. */
export class AdvancesOf extends Query<Page<AdvanceView>> {
  constructor(
    readonly context: RequestContext,
    readonly organisationId: OrganisationId,
    readonly payerNumber: string | undefined,
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** Staff of the organisation: payments it received. Newest first. */
export class PaymentsOf extends Query<Page<PaymentView>> {
  constructor(
    readonly context: RequestContext,
    readonly organisationId: OrganisationId,
    readonly filter: PaymentFilter,
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** The payer who paid, the clerk who took it, staff of an organisation it paid. */
export class PaymentById extends Query<PaymentView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: PaymentId,
  ) {
    super();
  }
}

export class PaymentsForBill extends Query<readonly PaymentView[]> {
  constructor(
    readonly context: RequestContext,
    readonly billId: BillId,
  ) {
    super();
  }
}

export class ReceiptById extends Query<ReceiptView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: string,
  ) {
    super();
  }
}

// --- exceptions --------------------------------------------------------------------------------------------------------

/** Roles `ops` and `auditor`: every payment that is not terminal, oldest first; at most 500. */
export class OpenPayments extends Query<readonly OpenPaymentView[]> {
  constructor(readonly context: RequestContext) {
    super();
  }
}
