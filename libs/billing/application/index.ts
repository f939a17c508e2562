import type { Provider } from '@nestjs/common';
import { BILL_PAYMENT_STEPS } from '../contract/index.js';
import { AdjustBillHandler } from './adjust-bill.js';
import { BillExpiry } from './bill-expiry.js';
import { CancelBillHandler } from './cancel-bill.js';
import { DefineFeeItemHandler } from './define-fee-item.js';
import { IssueBillHandler } from './issue-bill.js';
import { BillPriceOnHandler } from './price-bill.js';
import { BillSteps } from './payment-steps.js';
import { SetBillingTermsHandler } from './set-billing-terms.js';
import { AllocateToBillHandler, ReleaseBillHandler, ReserveBillHandler } from './take-payment.js';

import { WriteOffApprovals } from './write-off/write-off-approvals.js';
import { WriteOffBillHandler } from './write-off/write-off-bill.js';

export { BillExpiry, WriteOffApprovals };

/**
 * The write side of billing. Needs `DECIDER_STORE`, `RUNTIME` and `APPROVALS`, and `LAPSING_BILLS` of its read model; offers
 * `BILL_PAYMENT_STEPS` to payments. `BillExpiry` is started, and `WriteOffApprovals` told of decisions, by the composition root.
 */
export const billingApplication: readonly Provider[] = [
  { provide: BILL_PAYMENT_STEPS, useClass: BillSteps },
  DefineFeeItemHandler,
  IssueBillHandler,
  CancelBillHandler,
  AdjustBillHandler,
  WriteOffBillHandler,
  WriteOffApprovals,
  SetBillingTermsHandler,
  BillPriceOnHandler,
  BillExpiry,
  ReserveBillHandler,
  ReleaseBillHandler,
  AllocateToBillHandler,
];
