import type { Provider } from '@nestjs/common';
import { OpenPaymentsHandler } from './open-payments.js';
import { OpenWalletHandler } from './open-wallet.js';
import { PayBillsHandler } from './pay-bills/pay-bills.js';
import { PaymentProcess } from './pay-bills/payment-process.js';
import { PaymentFinisher } from './payment-finisher.js';
import { ReceiptDesk } from './receipt-desk.js';
import { TopUpWalletHandler } from './top-up-wallet.js';

export { PaymentFinisher };

/**
 * The write side of payments. Needs `DECIDER_STORE`, `RUNTIME`, `CONSUMERS`, `DEMO_MONEY`, billing's `BILL_PAYMENT_STEPS`
 * and the `OPEN_PAYMENTS` of the read model. The composition root calls `PaymentFinisher.start()` once the projections have
 * caught up, and `stop()` before it stops the consumers.
 */
export const paymentsApplication: readonly Provider[] = [
  ReceiptDesk,
  PaymentProcess,
  PaymentFinisher,
  OpenWalletHandler,
  TopUpWalletHandler,
  PayBillsHandler,
  OpenPaymentsHandler,
];
