export type * from './messages.js';
export { campaignDecider } from './decider.js';
export {
  signUpCount,
  signUpsInOrder,
  type CampaignState,
  type CampaignStatus,
  type KnownCampaign,
} from './state.js';
export { DUE_CAMPAIGNS, type DueCampaign, type DueCampaigns } from './due-campaigns.js';
