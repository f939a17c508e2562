import type { Provider } from '@nestjs/common';
import type { Projection } from '#libs/event-log/consumers/types.js';
import { OPEN_BILLS } from '../contract/index.js';
import { LAPSING_BILLS } from '../domain/bill/index.js';
import { BillingTermsOfHandler } from './billing-terms-of.js';
import { BillTimelineHandler } from './bill-timeline.js';
import { BillTotalsOfHandler } from './bill-totals-of.js';
import { BillsAsOfNowHandler } from './bills-as-of-now.js';
import { BillsOfHandler } from './bills-of.js';
import { billsProjection } from './bills-projection.js';
import { FeeItemsOfHandler } from './fee-items-of.js';
import { ViewedOpenBills } from './open-bills.js';
import { ViewedLapsingBills } from './lapsing-bill-list.js';
import { BillByIdHandler, BillsToPayHandler } from './single-bills.js';

/** The read side of billing. Needs `VIEWS`, `RUNTIME` and `DECIDER_STORE`; offers `LAPSING_BILLS`. */
export const billingQueries: readonly Provider[] = [
  { provide: OPEN_BILLS, useClass: ViewedOpenBills },
  FeeItemsOfHandler,
  BillsOfHandler,
  BillTotalsOfHandler,
  BillByIdHandler,
  BillsToPayHandler,
  BillsAsOfNowHandler,
  BillTimelineHandler,
  BillingTermsOfHandler,
  { provide: LAPSING_BILLS, useClass: ViewedLapsingBills },
];

/** `bills`: streams `bill-` and `feeItem-`. */
export const billingProjections: readonly Projection[] = [billsProjection];
