import type { Provider } from '@nestjs/common';
import { CampaignClock } from './campaign-clock.js';
import { CampaignContracts, RELEASE_CONTRACT_EVENTS } from './campaign-contracts.js';
import { CampaignProcess } from './campaign-process.js';
import { CreateCampaignHandler } from './create-campaign.js';
import { CAMPAIGN_PARTS_PROVIDER } from './parts.js';
import { SignUpHandler } from './sign-up.js';
import { SpendVoucherHandler } from './spend-voucher.js';
import { SponsorCampaignHandler } from './sponsor-campaign.js';

export { CampaignClock, CampaignContracts, CampaignProcess, RELEASE_CONTRACT_EVENTS };

/**
 * The write side of campaigns. Needs `RELEASE_CONTRACTS`, `MERCHANTS`, `EMPLOYMENT`, `MESSAGE_SEALS`, `DUE_CAMPAIGNS`, payments'
 * `WalletPrecheck`, and the event set of contracts as `RELEASE_CONTRACT_EVENTS`. `CampaignContracts` is a process manager and
 * `CampaignClock` a finisher, for the composition root to start.
 */
export const campaignsApplication: readonly Provider[] = [
  CAMPAIGN_PARTS_PROVIDER,
  CampaignProcess,
  CampaignClock,
  CampaignContracts,
  CreateCampaignHandler,
  SponsorCampaignHandler,
  SignUpHandler,
  SpendVoucherHandler,
];
