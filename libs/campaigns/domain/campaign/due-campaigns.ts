import type { Instant } from '#libs/kernel/time/index.js';
import type { CampaignId } from './messages.js';

export interface DueCampaign {
  readonly campaignId: CampaignId;
  readonly dueAt: Instant;
}

/** Campaigns that have something to do, as far as the projection has read the log. */
export interface DueCampaigns {
  /** Due by the moment, longest due first; the page after one, in the same order. */
  dueBy(moment: Instant, limit: number, after?: DueCampaign): Promise<readonly DueCampaign[]>;
}

/** Injection token of `DueCampaigns`. */
export const DUE_CAMPAIGNS = Symbol('DUE_CAMPAIGNS');
