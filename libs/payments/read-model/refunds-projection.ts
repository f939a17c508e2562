import { defineProjection } from '#libs/event-log/consumers/define-projection.js';
import { on, type Projection } from '#libs/event-log/consumers/types.js';
import type { ViewWriter } from '#libs/views/port/index.js';
import { refundEvents } from '../codec/index.js';
import type { RefundKind as KindShown, RefundStatus } from '../contract/refunds.js';
import type { RefundKind, RefundRequested } from '../domain/refund/index.js';
import { refundTable, type StoredRefundLine } from './refund-tables.js';

const KIND_SHOWN: Readonly<Record<RefundKind, KindShown>> = {
  refund: 'REFUND',
  receiptCancel: 'RECEIPT_CANCEL',
  dishonour: 'CHEQUE_DISHONOUR',
  contract: 'CONTRACT',
};

/** Refunds as they stand, and which of them has something left to do. */
export const refundsProjection: Projection = defineProjection({
  name: 'refunds',
  version: 1,
  tables: [refundTable],
  parts: [
    on(refundEvents, {
      RefundRequested: putRefund,
      RefundApproved: ({ refundId, checker, approvedAt }, view) =>
        patch(view, refundId, {
          status: 'APPROVED',
          checker: checker?.accountId ?? null,
          last_step_at: approvedAt,
        }),
      RefundSent: ({ refundId, sentAt }, view) =>
        patch(view, refundId, { status: 'SENT', last_step_at: sentAt }),
      RefundReturned: ({ refundId, reference, returnedAt }, view) =>
        patch(view, refundId, {
          status: 'RETURNED',
          reference,
          ended_at: returnedAt,
          last_step_at: returnedAt,
        }),
      RefundRejected: ({ refundId, code, reason, rejectedAt }, view) =>
        patch(view, refundId, {
          status: 'REJECTED',
          rejection_code: code,
          rejection_message: reason,
          ended_at: rejectedAt,
          last_step_at: rejectedAt,
        }),
      RefundCompleted: ({ refundId, completedAt }, view) =>
        patch(view, refundId, { complete: true, last_step_at: completedAt }),
      // The refund stays rejected; the ledger and the case tell.
      RefundPaidAfterAll: null,
      RefundCameBack: ({ refundId }, view) => patch(view, refundId, { came_back: true }),
    }),
  ],
});

function putRefund(data: RefundRequested['data'], view: ViewWriter): void {
  const lines: StoredRefundLine[] = data.lines.map(({ billId, amount }) => ({
    billId,
    amount: amount.amount.toString(),
  }));
  view.put('refund', {
    id: data.refundId,
    tenant: data.tenant,
    organisation_id: data.organisationId,
    payment_id: data.paymentId,
    kind: KIND_SHOWN[data.refundKind],
    status: 'REQUESTED' satisfies RefundStatus,
    asset: data.amount.asset,
    amount_minor: data.amount.amount,
    reason: data.reason,
    maker: data.maker.accountId,
    checker: null,
    approval_needed: data.approvalNeeded,
    rejection_code: null,
    rejection_message: null,
    reference: null,
    came_back: false,
    lines: JSON.stringify(lines),
    requested_at: data.requestedAt,
    ended_at: null,
    last_step_at: data.requestedAt,
    complete: false,
  });
}

interface RefundChange {
  readonly status?: RefundStatus;
  readonly checker?: string | null;
  readonly reference?: string;
  readonly rejection_code?: string;
  readonly rejection_message?: string;
  readonly ended_at?: string;
  readonly last_step_at?: string;
  readonly came_back?: boolean;
  readonly complete?: boolean;
}

function patch(view: ViewWriter, id: string, set: RefundChange): void {
  view.patch('refund', { id }, { ...set });
}
