import { defineEvents } from '#libs/event-log/codec/types.js';
import type { ContractEvent } from '../domain/release-contract/messages.js';
import { agreementEventTypes } from './agreement-events.js';
import { courseEventTypes, earningEventTypes } from './conduct-events.js';
import { moneyEventTypes } from './money-events.js';

/**
 * How the events of a release contract are stored: schemas/events/contracts. A contract has one asset, which every event names
 * once; amounts beside it are integer texts of its minor units. Postings are written as everywhere.
 */
export const contractEvents = defineEvents<ContractEvent>('contracts', {
  ...agreementEventTypes,
  ...moneyEventTypes,
  ...earningEventTypes,
  ...courseEventTypes,
});
