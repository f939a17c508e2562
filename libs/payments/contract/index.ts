/** What other contexts and the gateway may see of payments. */
import { Command, Query } from '@nestjs/cqrs';
import type { BillId, OrganisationId, PaymentId, WalletId } from '#libs/kernel/ids/index.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';

// --- wallets ---------------------------------------------------------------------------------------------------------

export interface WalletView {
  readonly id: WalletId;
  /** Account id of the owner. */
  readonly owner: string;
  readonly balance: Money;
  /** Part of the balance promised to payments under way. */
  readonly held: Money;
  /** balance − held */
  readonly available: Money;
}

/** Role `payer`; one wallet per account and `label`. */
export class OpenWallet extends Command<
  Outcome<WalletView, Rejection<'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT'>>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: { readonly idempotencyKey: string; readonly label: string },
  ) {
    super();
  }
}

/** The owner tops up from outside (`world:topup`); until a bank channel exists this is demo money and refused in production. */
export class TopUpWallet extends Command<
  Outcome<
    WalletView,
    Rejection<'FORBIDDEN' | 'WALLET_NOT_FOUND' | 'IDEMPOTENCY_CONFLICT' | 'INVALID_AMOUNT' | 'LIMIT_EXCEEDED'>
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: { readonly idempotencyKey: string; readonly walletId: WalletId; readonly amount: Money },
  ) {
    super();
  }
}

export class WalletsOf extends Query<readonly WalletView[]> {
  constructor(readonly context: RequestContext) {
    super();
  }
}

// --- payments --------------------------------------------------------------------------------------------------------

export type PaymentStatus = 'AUTHORISING' | 'CAPTURED' | 'FAILED';

export type PaymentMethod =
  | { readonly channel: 'wallet'; readonly walletId: WalletId }
  /** Taken at the counter by the calling clerk. `tendered` minus the total is the change. */
  | { readonly channel: 'cash'; readonly tendered: Money };

export interface PaymentView {
  readonly id: PaymentId;
  readonly status: PaymentStatus;
  readonly channel: 'wallet' | 'cash';
  readonly total: Money;
  /** What was paid: empty unless CAPTURED. */
  readonly bills: readonly {
    readonly billId: BillId;
    readonly organisationId: OrganisationId;
    readonly amount: Money;
  }[];
  readonly change?: Money;
  readonly initiatedAt: Instant;
  readonly capturedAt?: Instant;
  /** Set when FAILED: the same code the first call was answered with. */
  readonly failure?: { readonly code: PayBillsRejectionCode; readonly message: string };
  /** One per organisation paid. */
  readonly receipts: readonly ReceiptView[];
}

export interface ReceiptView {
  readonly id: string;
  /** Gapless within organisation and series: `2026-00000042`. */
  readonly number: string;
  readonly organisationId: OrganisationId;
  readonly paymentId: PaymentId;
  readonly total: Money;
  readonly channel: 'wallet' | 'cash';
  readonly issuedAt: Instant;
  /** For public verification; 12 characters of Crockford base 32. */
  readonly verificationCode: string;
  readonly lines: readonly ReceiptLine[];
}

export interface ReceiptLine {
  readonly billId: BillId;
  readonly billNumber: string;
  readonly payerNumber: string;
  readonly payerName: string | null;
  readonly description: string;
  readonly amount: Money;
}

export type PayBillsRejectionCode =
  | 'FORBIDDEN'
  | 'IDEMPOTENCY_CONFLICT'
  | 'BILL_NOT_FOUND'
  | 'BILL_ALREADY_PAID'
  | 'BILL_CANCELLED'
  | 'BILL_RESERVED'
  | 'AMOUNT_EXCEEDS_OUTSTANDING'
  | 'PARTIAL_NOT_ALLOWED'
  | 'AMOUNT_MISMATCH'
  | 'WALLET_NOT_FOUND'
  | 'INSUFFICIENT_FUNDS'
  | 'CASH_SHORT'
  | 'TOO_MANY_BILLS'
  | 'DUPLICATE_BILL'
  /** A crash or a timeout interrupted it before money moved; nothing was charged, and a new key may try again. */
  | 'PAYMENT_INTERRUPTED';

export interface PayBillsInput {
  readonly idempotencyKey: string;
  /** 1 to 50 distinct bills. `amount` absent: all that is outstanding. */
  readonly bills: readonly { readonly billId: BillId; readonly amount?: Money }[];
  /** What the payer was shown and agreed to. A different sum is refused (`AMOUNT_MISMATCH`), never charged. */
  readonly expectedTotal: Money;
  readonly method: PaymentMethod;
}

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

/** A payment that is not finished yet: under way, or left behind and about to be finished. */
export interface OpenPaymentView {
  readonly id: PaymentId;
  readonly status: 'AUTHORISING' | 'REFUSED' | 'CAPTURED';
  readonly account: string;
  readonly channel: 'wallet' | 'cash';
  readonly total: Money;
  readonly initiatedAt: Instant;
  /** When its last step was recorded. */
  readonly lastStepAt: Instant;
  /** Why the last attempt to finish it did not succeed; null when none was needed yet. */
  readonly reason: string | null;
}

/** Roles `ops` and `auditor`: every payment that is not terminal, oldest first; at most 500. */
export class OpenPayments extends Query<readonly OpenPaymentView[]> {
  constructor(readonly context: RequestContext) {
    super();
  }
}

// --- ledger ----------------------------------------------------------------------------------------------------------

export interface AccountBalance {
  readonly account: string;
  readonly balance: Money;
}

/** Roles `auditor` and `ops`: every account of the tenant and their sum, which is always zero. */
export class TrialBalance extends Query<{
  readonly accounts: readonly AccountBalance[];
  readonly sum: Money;
}> {
  constructor(readonly context: RequestContext) {
    super();
  }
}
