import { requestEventSet } from '#libs/event-log/runner/request-register.js';
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
import {
  billingTermsDecider,
  type BillingTermsEvent,
  type BillingTermsRefusal,
  type BillingTermsState,
  type SetBillingTerms,
} from '../domain/billing-terms/index.js';
import { billEvents } from './bill-events.js';
import { billingTermsEvents } from './billing-terms-events.js';
import { feeItemEvents } from './fee-item-events.js';

export { billEvents, billingTermsEvents, feeItemEvents };

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

/** `billingTerms-<organisation>` */
export const billingTermsAggregate: Aggregate<
  SetBillingTerms,
  BillingTermsState,
  BillingTermsEvent,
  BillingTermsRefusal
> = {
  category: 'billingTerms',
  decider: billingTermsDecider,
  events: billingTermsEvents,
};

/** Everything billing stores, for the catalogue of a program. */
export const billingEventSets: readonly EventSet[] = [
  requestEventSet,
  billEvents as unknown as EventSet,
  feeItemEvents as unknown as EventSet,
  billingTermsEvents as unknown as EventSet,
];

/** `BillIssued` alone, for process managers of other contexts that wait for new bills and nothing else. */
export const issuedBillEvents: EventSet = {
  context: billEvents.context,
  types: { BillIssued: billEvents.types.BillIssued },
} as unknown as EventSet;
