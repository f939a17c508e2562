import type { Provider } from '@nestjs/common';
import { BILL_PAYMENT_STEPS } from '../contract/index.js';
import { CancelBillHandler } from './cancel-bill.js';
import { DefineFeeItemHandler } from './define-fee-item.js';
import { IssueBillHandler } from './issue-bill.js';
import { BillSteps } from './payment-steps.js';
import { AllocateToBillHandler, ReleaseBillHandler, ReserveBillHandler } from './take-payment.js';

/** The write side of billing. Needs `DECIDER_STORE` and `RUNTIME`; offers `BILL_PAYMENT_STEPS` to payments. */
export const billingApplication: readonly Provider[] = [
  { provide: BILL_PAYMENT_STEPS, useClass: BillSteps },
  DefineFeeItemHandler,
  IssueBillHandler,
  CancelBillHandler,
  ReserveBillHandler,
  ReleaseBillHandler,
  AllocateToBillHandler,
];
