import type { EventSet } from '#libs/event-log/codec/types.js';
import { requestEventSet } from '#libs/event-log/runner/request-register.js';
import type { Aggregate } from '#libs/event-log/runner/types.js';
import {
  contractDecider,
  type ContractCommand,
  type ContractEvent,
  type ContractRefusal,
  type ContractState,
} from '../domain/release-contract/index.js';
import {
  massRefundDecider,
  type MassRefundCommand,
  type MassRefundEvent,
  type MassRefundRefusal,
  type MassRefundState,
} from '../domain/mass-refund/index.js';
import { contractEvents } from './contract-events.js';
import { languageEventSets } from './language-aggregates.js';
import { massRefundEvents } from './mass-refund-events.js';

export { contractEvents, massRefundEvents };
export * from './language-aggregates.js';

/** `contract-<id>` */
export const contractAggregate: Aggregate<ContractCommand, ContractState, ContractEvent, ContractRefusal> = {
  category: 'contract',
  decider: contractDecider,
  events: contractEvents,
};

/** `massRefund-<id>` */
export const massRefundAggregate: Aggregate<
  MassRefundCommand,
  MassRefundState,
  MassRefundEvent,
  MassRefundRefusal
> = {
  category: 'massRefund',
  decider: massRefundDecider,
  events: massRefundEvents,
};

/** Release contracts alone, for projections and process managers of other contexts. */
export const releaseContractEvents: EventSet = contractEvents as unknown as EventSet;

/** Of release contracts what moves money into custody and out of it, for whoever carries payouts on. */
export const custodyEvents: EventSet = {
  context: contractEvents.context,
  types: {
    FundsDeposited: contractEvents.types.FundsDeposited,
    FundsReleased: contractEvents.types.FundsReleased,
    FundsRefunded: contractEvents.types.FundsRefunded,
  },
} as unknown as EventSet;

/** Everything contracts stores, for the catalogue of a program. */
export const contractsEventSets: readonly EventSet[] = [
  requestEventSet,
  releaseContractEvents,
  massRefundEvents as unknown as EventSet,
  ...languageEventSets,
];
