/** Refunds, cancelled receipts and dishonoured cheques, as others may see and ask for them. */
import { Command, Query } from '@nestjs/cqrs';
import type { ApprovalId } from '#libs/approvals/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import {
  asId,
  type BillId,
  type OrganisationId,
  type PaymentId,
  type RefundId,
} from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { Page, PageRequest } from '#libs/views/port/index.js';
import type { Channel } from '../domain/payment/index.js';

/** What a second person decides on, for a refund that needs one. */
export function refundApprovalIdOf(refundId: RefundId): ApprovalId {
  return asId<'approval'>(deriveUuid(UUID_NAMESPACES.entity, 'approval', 'refund', refundId));
}

export type RefundStatus = 'REQUESTED' | 'APPROVED' | 'SENT' | 'RETURNED' | 'REJECTED';

/** The money goes back; the receipt is void and the bills are open again; the same for a cheque that was not honoured. */
export type RefundKind =
  | 'REFUND'
  | 'RECEIPT_CANCEL'
  | 'CHEQUE_DISHONOUR'
  /** A contract gives money back to where it came from. */
  | 'CONTRACT';

export interface RefundView {
  readonly id: RefundId;
  readonly kind: RefundKind;
  readonly status: RefundStatus;
  readonly paymentId: PaymentId;
  readonly organisationId: OrganisationId;
  readonly amount: Money;
  readonly lines: readonly { readonly billId: BillId; readonly amount: Money }[];
  /** Of the payment; the money goes back the way it came. */
  readonly channel: Channel;
  readonly reason: string;
  /** Account id of who asked. */
  readonly maker: string;
  /** Account id of the second person; absent while there is none, and where the policy needs none. */
  readonly checker?: string;
  /** Whether somebody other than the maker has to say yes. */
  readonly approvalNeeded: boolean;
  /** Set when REJECTED. */
  readonly rejection?: { readonly code: string; readonly message: string };
  /** Set when RETURNED: the bank's, or the one a person has entered. */
  readonly reference?: string;
  /** After RETURNED the bank gave the money back to us; a case is open. */
  readonly cameBack: boolean;
  readonly requestedAt: Instant;
  readonly endedAt?: Instant;
}

export type RequestRefundRejectionCode =
  | 'FORBIDDEN'
  | 'IDEMPOTENCY_CONFLICT'
  | 'PAYMENT_NOT_FOUND'
  | 'PAYMENT_NOT_CAPTURED'
  | 'BILL_NOT_FOUND'
  | 'INVALID_AMOUNT'
  | 'REFUND_EXCEEDS_PAYMENT'
  /** The payment funds a contract: its money comes back as the contract says. */
  | 'REFUND_THROUGH_CONTRACT';

/**
 * Role `bursar`, `clerk` or `supervisor` of the organisation that was paid. Without lines: everything of the organisation that
 * can still go back. Within the policy's limit it is carried out at once; above it waits for a second person.
 */
export class RequestRefund extends Command<Outcome<RefundView, Rejection<RequestRefundRejectionCode>>> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly paymentId: PaymentId;
      readonly lines?: readonly { readonly billId: BillId; readonly amount: Money }[];
      readonly reason: string;
    },
  ) {
    super();
  }
}

export type CancelReceiptRejectionCode =
  | 'FORBIDDEN'
  | 'IDEMPOTENCY_CONFLICT'
  | 'RECEIPT_NOT_FOUND'
  | 'RECEIPT_CANCELLED'
  | 'PAYMENT_REFUNDED'
  | 'PAYMENT_OVERPAID'
  | 'REFUND_THROUGH_CONTRACT';

/**
 * Role `bursar`, `clerk` or `supervisor` of the organisation that issued it. Any receipt, not only the last; always needs a
 * second person. The bills are open again, later payments are re-apportioned, and the money goes back the way it came.
 */
export class CancelReceipt extends Command<Outcome<RefundView, Rejection<CancelReceiptRejectionCode>>> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly receiptId: string;
      readonly reason: string;
    },
  ) {
    super();
  }
}

export type DishonourChequeRejectionCode =
  | 'FORBIDDEN'
  | 'IDEMPOTENCY_CONFLICT'
  | 'PAYMENT_NOT_FOUND'
  | 'NOT_A_CHEQUE'
  | 'PAYMENT_REFUNDED'
  | 'PAYMENT_OVERPAID'
  | 'RECEIPT_CANCELLED'
  | 'REFUND_THROUGH_CONTRACT';

/** Like `CancelReceipt`, for a payment by cheque that its bank did not honour: no money goes back. */
export class DishonourCheque extends Command<Outcome<RefundView, Rejection<DishonourChequeRejectionCode>>> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly paymentId: PaymentId;
      readonly reason: string;
    },
  ) {
    super();
  }
}

export type ConfirmRefundRejectionCode =
  'FORBIDDEN' | 'REFUND_NOT_FOUND' | 'REFUND_NOT_APPROVED' | 'REFUND_ENDED' | 'REFUND_NOT_BY_HAND';

/**
 * Role `clerk`, `bursar` or `supervisor` of the organisation: the cash was handed out, the card terminal or the cheque has given
 * the money back; with the reference of that. Refused for channels that confirm by themselves.
 */
export class ConfirmRefund extends Command<Outcome<RefundView, Rejection<ConfirmRefundRejectionCode>>> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly refundId: RefundId;
      readonly reference: string;
    },
  ) {
    super();
  }
}

export type WithdrawRefundRejectionCode = 'FORBIDDEN' | 'REFUND_NOT_FOUND' | 'REFUND_SENT' | 'REFUND_ENDED';

/** The maker calls it off while nothing was sent. */
export class WithdrawRefund extends Command<Outcome<RefundView, Rejection<WithdrawRefundRejectionCode>>> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly refundId: RefundId;
      readonly reason: string;
    },
  ) {
    super();
  }
}

/** Staff of the organisation, ops and auditors of the tenant, and the payer whose money it is. */
export class RefundById extends Query<RefundView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: RefundId,
  ) {
    super();
  }
}

export interface RefundFilter {
  readonly organisationId?: OrganisationId;
  readonly paymentId?: PaymentId;
  readonly statuses?: readonly RefundStatus[];
}

/** Newest first, those the caller may see. */
export class RefundsOf extends Query<Page<RefundView>> {
  constructor(
    readonly context: RequestContext,
    readonly filter: RefundFilter,
    readonly page: PageRequest,
  ) {
    super();
  }
}
