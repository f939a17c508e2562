import type { Provider } from '@nestjs/common';
import type { Projection } from '#libs/event-log/consumers/types.js';
import { DUE_MANDATES } from '../domain/mandate/index.js';
import { FUNDED_ADVANCES } from '../domain/advance/index.js';
import { OPEN_PAYMENTS } from '../domain/payment/index.js';
import { RECEIPT_PLACES } from '../domain/receipt-book/index.js';
import { OPEN_REFUNDS } from '../domain/refund/index.js';
import { OPEN_TRANSFERS } from '../domain/transfer/index.js';
import { MandateByIdHandler, MandatesOfHandler, ViewedDueMandates } from './mandate-queries.js';
import { mandatesProjection } from './mandates-projection.js';
import { AdvancesOfHandler } from './advances-of.js';
import { advancesProjection } from './advances-projection.js';
import { ViewedFundedAdvances } from './funded-advances.js';
import { ViewedOpenPayments } from './open-payment-list.js';
import { PaymentByIdHandler, PaymentsForBillHandler, ReceiptByIdHandler } from './payment-queries.js';
import { PaymentsOfHandler } from './payments-of.js';
import { paymentsProjection } from './payments-projection.js';
import { paymentCodesProjection } from './qr-projection.js';
import { MerchantCodeByIdHandler, MerchantCodesOfHandler, PaymentLinksOfHandler } from './qr-queries.js';
import { ViewedReceiptPlaces } from './receipt-places.js';
import { RefundByIdHandler, RefundsOfHandler, ViewedOpenRefunds } from './refund-queries.js';
import { refundsProjection } from './refunds-projection.js';
import { PushedSubWalletsHandler, SubWalletsOfHandler } from './sub-wallets-of.js';
import { VerifyReceiptHandler } from './verify-receipt.js';
import { HardWalletsOfHandler, hardWalletsProjection } from './hard-wallets.js';
import { TransferByIdHandler, TransfersOfHandler, ViewedOpenTransfers } from './transfer-queries.js';
import { transfersProjection } from './transfers-projection.js';
import { WalletsOfHandler } from './wallets-of.js';
import { walletsProjection } from './wallets-projection.js';

/** The read side of payments. Needs `VIEWS` and billing's `BILL_PAYMENT_STEPS`; offers `OPEN_PAYMENTS`. */
export const paymentsQueries: readonly Provider[] = [
  { provide: OPEN_PAYMENTS, useClass: ViewedOpenPayments },
  { provide: FUNDED_ADVANCES, useClass: ViewedFundedAdvances },
  { provide: OPEN_REFUNDS, useClass: ViewedOpenRefunds },
  { provide: DUE_MANDATES, useClass: ViewedDueMandates },
  MandateByIdHandler,
  MandatesOfHandler,
  { provide: RECEIPT_PLACES, useClass: ViewedReceiptPlaces },
  RefundByIdHandler,
  RefundsOfHandler,
  PaymentByIdHandler,
  PaymentsForBillHandler,
  PaymentsOfHandler,
  AdvancesOfHandler,
  ReceiptByIdHandler,
  WalletsOfHandler,
  VerifyReceiptHandler,
  { provide: OPEN_TRANSFERS, useClass: ViewedOpenTransfers },
  TransferByIdHandler,
  TransfersOfHandler,
  HardWalletsOfHandler,
  SubWalletsOfHandler,
  PushedSubWalletsHandler,
  MerchantCodesOfHandler,
  MerchantCodeByIdHandler,
  PaymentLinksOfHandler,
];

/** `payments`: streams `payment-`, `wallet-` and `receiptBook-`; `wallets`: `wallet-`. */
export const paymentsProjections: readonly Projection[] = [
  paymentsProjection,
  advancesProjection,
  walletsProjection,
  transfersProjection,
  hardWalletsProjection,
  mandatesProjection,
  refundsProjection,
  paymentCodesProjection,
];
