import type { Provider } from '@nestjs/common';
import type { Projection } from '#libs/event-log/consumers/types.js';
import { OPEN_PAYMENTS } from '../domain/payment/index.js';
import { ViewedOpenPayments } from './open-payment-list.js';
import { PaymentByIdHandler, PaymentsForBillHandler, ReceiptByIdHandler } from './payment-queries.js';
import { paymentsProjection } from './payments-projection.js';
import { TrialBalanceHandler } from './trial-balance.js';
import { WalletsOfHandler } from './wallets-of.js';

/** The read side of payments. Needs `VIEWS` and billing's `BILL_PAYMENT_STEPS`; offers `OPEN_PAYMENTS`. */
export const paymentsQueries: readonly Provider[] = [
  { provide: OPEN_PAYMENTS, useClass: ViewedOpenPayments },
  PaymentByIdHandler,
  PaymentsForBillHandler,
  ReceiptByIdHandler,
  WalletsOfHandler,
  TrialBalanceHandler,
];

/** `payments`: streams `payment-`, `wallet-` and `receiptBook-`. */
export const paymentsProjections: readonly Projection[] = [paymentsProjection];
