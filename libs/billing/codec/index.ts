import type { Aggregate } from '#libs/event-log/runner/types.js';
import type { EventSet } from '#libs/event-log/codec/types.js';
import {
  billDecider,
  type BillCommand,
  type BillEvent,
  type BillRefusal,
  type BillState,
} from '../domain/bill/index.js';
import {
  feeItemDecider,
  type DefineFeeItem,
  type FeeItemEvent,
  type FeeItemRefusal,
  type FeeItemState,
} from '../domain/fee-item/index.js';
import { billEvents } from './bill-events.js';
import { feeItemEvents } from './fee-item-events.js';

export { billEvents, feeItemEvents };

/** `bill-<id>` */
export const billAggregate: Aggregate<BillCommand, BillState, BillEvent, BillRefusal> = {
  category: 'bill',
  decider: billDecider,
  events: billEvents,
};

/** `feeItem-<id>` */
export const feeItemAggregate: Aggregate<DefineFeeItem, FeeItemState, FeeItemEvent, FeeItemRefusal> = {
  category: 'feeItem',
  decider: feeItemDecider,
  events: feeItemEvents,
};

/** Everything billing stores, for the catalogue of a program. */
export const billingEventSets: readonly EventSet[] = [
  billEvents as unknown as EventSet,
  feeItemEvents as unknown as EventSet,
];
