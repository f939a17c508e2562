import type { Provider } from '@nestjs/common';
import { CancelReceiptHandler } from './cancel-receipt.js';
import { ConfirmRefundHandler } from './confirm-refund.js';
import { DishonourChequeHandler } from './dishonour-cheque.js';
import { REFUND_PARTS_PROVIDER } from './parts.js';
import { RefundApprovals } from './refund-approvals.js';
import { RefundFinisher } from './refund-finisher.js';
import { RefundNotices } from './refund-notices.js';
import { RefundProcess } from './refund-process.js';
import { RequestRefundHandler } from './request-refund.js';
import { WithdrawRefundHandler } from './withdraw-refund.js';

export { RefundApprovals, RefundFinisher, RefundNotices };

/**
 * Money back. Needs what payments need, and `APPROVALS`, `CASES`, `EXTERNAL_CHANNEL`, `OPEN_REFUNDS` and `RECEIPT_PLACES`. The
 * composition root starts and stops `RefundFinisher` like `PaymentFinisher`, and lists `RefundApprovals` and `RefundNotices`.
 */
export const refundApplication: readonly Provider[] = [
  REFUND_PARTS_PROVIDER,
  RefundProcess,
  RefundFinisher,
  RefundApprovals,
  RefundNotices,
  RequestRefundHandler,
  CancelReceiptHandler,
  DishonourChequeHandler,
  ConfirmRefundHandler,
  WithdrawRefundHandler,
];
