import type { Provider } from '@nestjs/common';
import type { Projection } from '#libs/event-log/consumers/types.js';
import { BillTimelineHandler } from './bill-timeline.js';
import { BillTotalsOfHandler } from './bill-totals-of.js';
import { BillsAsOfNowHandler } from './bills-as-of-now.js';
import { BillsOfHandler } from './bills-of.js';
import { billsProjection } from './bills-projection.js';
import { FeeItemsOfHandler } from './fee-items-of.js';
import { BillByIdHandler, BillsToPayHandler } from './single-bills.js';

/** The read side of billing. Needs `VIEWS` and `DECIDER_STORE`. */
export const billingQueries: readonly Provider[] = [
  FeeItemsOfHandler,
  BillsOfHandler,
  BillTotalsOfHandler,
  BillByIdHandler,
  BillsToPayHandler,
  BillsAsOfNowHandler,
  BillTimelineHandler,
];

/** `bills`: streams `bill-` and `feeItem-`. */
export const billingProjections: readonly Projection[] = [billsProjection];
