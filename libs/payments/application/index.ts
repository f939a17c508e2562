import type { Provider } from '@nestjs/common';
import { OpenPaymentsHandler } from './open-payments.js';
import { OpenWalletHandler } from './open-wallet.js';
import { AdvanceCarrier, CarrierParts, ISSUED_BILLS } from './advances/advance-carrier.js';
import { PaymentNotices } from './channels/payment-notices.js';
import { ReturnNotices } from './channels/return-notices.js';
import { CancelPaymentHandler } from './pay-bills/cancel-payment.js';
import { PayBillsHandler } from './pay-bills/pay-bills.js';
import { PaymentDesk } from './pay-bills/payment-desk.js';
import { PaymentPorts } from './pay-bills/payment-ports.js';
import { PreviewPaymentHandler, REHEARSAL, type Rehearsal } from './pay-bills/preview-payment.js';
import { QuotePaymentHandler } from './quotes/quote-payment.js';
import { PaymentProcess } from './pay-bills/payment-process.js';
import { PaymentFinisher } from './payment-finisher.js';
import { qrApplication } from './qr/index.js';
import { mandateApplication } from './mandates/index.js';
import { refundApplication } from './refund/index.js';
import { ReceiptDesk } from './receipt-desk.js';
import { TopUpWalletHandler } from './top-up-wallet.js';
import {
  TransferFinisher,
  TransferNotices,
  TransferReturnNotices,
  transferApplication,
} from './transfer/index.js';
import { hardWalletApplication, OfflineReactions } from './hard-wallets/index.js';
import { TierLimitsApproved, walletsApplication } from './wallets/index.js';

export { OfflineReactions, TierLimitsApproved, TransferFinisher, TransferNotices, TransferReturnNotices };
export { AdvanceCarrier, ISSUED_BILLS };
export { PaymentDesk, PaymentFinisher, PaymentNotices, REHEARSAL, ReturnNotices };
export type { Rehearsal };

/**
 * The write side of payments. Needs `DECIDER_STORE`, `RUNTIME`, `CONSUMERS`, `DEMO_MONEY`, billing's `BILL_PAYMENT_STEPS`
 * and the `OPEN_PAYMENTS` of the read model. The composition root calls `PaymentFinisher.start()` once the projections have
 * caught up, and `stop()` before it stops the consumers.
 */
export const paymentsApplication: readonly Provider[] = [
  ReceiptDesk,
  PaymentPorts,
  PaymentProcess,
  PaymentDesk,
  CarrierParts,
  AdvanceCarrier,
  PaymentNotices,
  ReturnNotices,
  CancelPaymentHandler,
  QuotePaymentHandler,
  PreviewPaymentHandler,
  PaymentFinisher,
  OpenWalletHandler,
  TopUpWalletHandler,
  PayBillsHandler,
  OpenPaymentsHandler,
  ...refundApplication,
  ...mandateApplication,
  ...qrApplication,
  ...walletsApplication,
  ...transferApplication,
  ...hardWalletApplication,
];
