import type { Instant } from '#libs/kernel/time/index.js';
import type { Person, RefundRequest, RejectedBy } from './messages.js';

export type RequestedRefund = { readonly status: 'requested' } & RefundRequest;

interface Approval {
  readonly checker: Person | null;
}

export type ApprovedRefund = { readonly status: 'approved' } & RefundRequest & Approval;

export type SentRefund = { readonly status: 'sent'; readonly sentAt: Instant } & RefundRequest & Approval;

export type ReturnedRefund = {
  readonly status: 'returned';
  readonly reference: string;
  readonly confirmation?: string;
  /** Bills and payment know of it. */
  readonly complete: boolean;
  readonly cameBack: boolean;
} & RefundRequest &
  Approval;

export type RejectedRefund = {
  readonly status: 'rejected';
  readonly by: RejectedBy;
  readonly code: string;
  readonly why: string;
  readonly complete: boolean;
  /** The bank had refused it and paid all the same. */
  readonly paidAfterAll?: true;
} & RefundRequest;

export type KnownRefund = RequestedRefund | ApprovedRefund | SentRefund | ReturnedRefund | RejectedRefund;

export type RefundState = { readonly status: 'absent' } | KnownRefund;
