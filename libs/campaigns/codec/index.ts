import type { EventSet } from '#libs/event-log/codec/types.js';
import type { Aggregate } from '#libs/event-log/runner/types.js';
import {
  campaignDecider,
  type CampaignCommand,
  type CampaignEvent,
  type CampaignRefusal,
  type CampaignState,
} from '../domain/campaign/index.js';
import {
  voucherSpendDecider,
  type RecordSpending,
  type SpendingRefusal,
  type SpendingState,
  type VoucherSpent,
} from '../domain/voucher-spend/index.js';
import { campaignEvents } from './campaign-events.js';
import { voucherSpendEvents } from './voucher-spend-events.js';

export { campaignEvents, voucherSpendEvents };

/** `campaign-<id>` */
export const campaignAggregate: Aggregate<CampaignCommand, CampaignState, CampaignEvent, CampaignRefusal> = {
  category: 'campaign',
  decider: campaignDecider,
  events: campaignEvents,
};

/** `voucherSpend-<id>` */
export const voucherSpendAggregate: Aggregate<RecordSpending, SpendingState, VoucherSpent, SpendingRefusal> =
  {
    category: 'voucherSpend',
    decider: voucherSpendDecider,
    events: voucherSpendEvents,
  };

/** Everything campaigns store, for the catalogue of a program. */
export const campaignsEventSets: readonly EventSet[] = [
  campaignEvents as unknown as EventSet,
  voucherSpendEvents as unknown as EventSet,
];
