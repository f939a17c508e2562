import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type {
  BillId,
  ContractId,
  OrganisationId,
  PaymentId,
  RefundId,
  TenantId,
} from '#libs/kernel/ids/index.js';
import type { Money, Posting } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

/**
 * - `refund`: money goes back, the bills stay settled;
 * - `receiptCancel`: the payment counts no longer: receipt void, bills open again, money goes back;
 * - `dishonour`: the same for a cheque that its bank did not honour; no money goes back, for none came;
 * - `contract`: a contract gives money back to the payment that funded it; the contract has decided so, nobody else is asked,
 *   and nobody can call it off.
 */
export type RefundKind = 'refund' | 'receiptCancel' | 'dishonour' | 'contract';

/** Whether the receipt is void and the bills are open again. */
export function voidsReceipt(kind: RefundKind): boolean {
  return kind === 'receiptCancel' || kind === 'dishonour';
}

/** Which part of which payout of a contract. */
export interface RefundedPayout {
  readonly contractId: ContractId;
  /** The contract's `releaseId` or `refundId`. */
  readonly payoutId: string;
  readonly role: string;
}

/** An account of a person; separation of duties compares the person. */
export interface Person {
  readonly accountId: string;
  readonly personId: string;
}

export interface RefundLine {
  readonly billId: BillId;
  readonly amount: Money;
}

/** What was asked for, as far as it is needed to bring the refund to its end without the one who asked. */
export interface RefundRequest {
  readonly refundId: RefundId;
  readonly tenant: TenantId;
  /** Whose money goes back; a payment to several organisations is refunded by each for itself. */
  readonly organisationId: OrganisationId;
  readonly paymentId: PaymentId;
  readonly refundKind: RefundKind;
  /** Of kind `contract`: one line, whose `billId` is the contract's id. */
  readonly lines: readonly RefundLine[];
  /** Set for kind `contract`. */
  readonly payout?: RefundedPayout;
  /** Sum of the lines. */
  readonly amount: Money;
  readonly reason: string;
  readonly maker: Person;
  /** Tells another input under the same key apart. */
  readonly inputHash: string;
  /** By the policy of the day of the request. */
  readonly approvalNeeded: boolean;
  readonly requestedAt: Instant;
}

/** Where a refund ended that did not return money. */
export type RejectedBy = 'payment' | 'checker' | 'maker' | 'bank';

export type RefundCommand =
  | ({ readonly kind: 'request' } & RefundRequest)
  /** `checker` null: within what the policy allows without a second person. */
  | { readonly kind: 'approve'; readonly checker: Person | null; readonly at: Instant }
  /** Money leaves the organisation's account; for a dishonoured cheque there is nothing to send. */
  | { readonly kind: 'send'; readonly at: Instant }
  /** The money is back with the payer. `postings` of what moved outside of any other stream, out of `clearing:refund`. */
  | {
      readonly kind: 'confirm';
      readonly reference: string;
      readonly postings: readonly Posting[];
      /** Of whoever confirms by hand: account, key and input in one; tells a repeat from a second hand-over. */
      readonly confirmation?: string;
      readonly at: Instant;
    }
  | {
      readonly kind: 'reject';
      readonly by: RejectedBy;
      /** The money is for a person to hand out and has not left: the maker may still call it off. */
      readonly inHand?: true;
      readonly code: string;
      readonly reason: string;
      readonly at: Instant;
    }
  /** What the end owed elsewhere is done: bills, the payment's fence. */
  | { readonly kind: 'complete'; readonly at: Instant }
  /** The bank had refused it and paid all the same. */
  | {
      readonly kind: 'payAfterAll';
      readonly reference: string;
      readonly channel: 'operator' | 'transfer';
      readonly at: Instant;
    }
  /** The bank took the money back in after it had confirmed. */
  | {
      readonly kind: 'comeBack';
      readonly reference: string;
      readonly channel: 'operator' | 'transfer';
      readonly at: Instant;
    };

export type RefundRequested = DomainEvent<'RefundRequested', RefundRequest>;

export type RefundApproved = DomainEvent<
  'RefundApproved',
  { readonly refundId: RefundId; readonly checker: Person | null; readonly approvedAt: Instant }
>;

/** `org:<id>:payable` (of kind `contract`: `clearing:payout`) → `clearing:refund`; no postings for a dishonoured cheque. */
export type RefundSent = DomainEvent<
  'RefundSent',
  { readonly refundId: RefundId; readonly postings: readonly Posting[]; readonly sentAt: Instant }
>;

/** The end: the payer has the money. */
export type RefundReturned = DomainEvent<
  'RefundReturned',
  {
    readonly refundId: RefundId;
    readonly reference: string;
    readonly postings: readonly Posting[];
    readonly confirmation?: string;
    readonly returnedAt: Instant;
  }
>;

/**
 * The end: no money goes back. Money already sent returns to `org:<id>:payable`; that of a cancelled receipt, which no bill
 * claims any more, and that of a contract to `suspense:<org>`.
 */
export type RefundRejected = DomainEvent<
  'RefundRejected',
  {
    readonly refundId: RefundId;
    readonly by: RejectedBy;
    readonly code: string;
    readonly reason: string;
    readonly postings: readonly Posting[];
    readonly rejectedAt: Instant;
  }
>;

/** After the end the bank returned the money to us: `world:<channel>` → `suspense:<org>`. The refund stays returned. */
export type RefundCameBack = DomainEvent<
  'RefundCameBack',
  {
    readonly refundId: RefundId;
    readonly reference: string;
    readonly postings: readonly Posting[];
    readonly cameBackAt: Instant;
  }
>;

/** Returned or rejected, and nothing is left to do elsewhere. */
export type RefundCompleted = DomainEvent<
  'RefundCompleted',
  { readonly refundId: RefundId; readonly completedAt: Instant }
>;

/**
 * A success after the bank's refusal: the payer has the money, `suspense:<org>` → `world:<channel>`. The refund stays rejected;
 * what stands below zero in suspense is for a person to claim back or to refund formally.
 */
export type RefundPaidAfterAll = DomainEvent<
  'RefundPaidAfterAll',
  {
    readonly refundId: RefundId;
    readonly reference: string;
    readonly postings: readonly Posting[];
    readonly paidAt: Instant;
  }
>;

export type RefundEvent =
  | RefundRequested
  | RefundApproved
  | RefundSent
  | RefundReturned
  | RefundRejected
  | RefundCompleted
  | RefundPaidAfterAll
  | RefundCameBack;

export type RefundRefusal = Rejection<
  'IDEMPOTENCY_CONFLICT' | 'REFUND_NOT_FOUND' | 'REFUND_NOT_APPROVED' | 'REFUND_ENDED' | 'REFUND_SENT'
>;
