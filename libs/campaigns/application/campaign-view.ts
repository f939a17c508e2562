import { money } from '#libs/kernel/money/index.js';
import type { CampaignView } from '../contract/index.js';
import { awardsViewOf, spendingViewOf } from '../contract/shapes.js';
import { signUpCount, type KnownCampaign } from '../domain/campaign/index.js';
import { awardsOf, budgetOf } from '../domain/lottery/index.js';

/** The campaign as it is now, from the write side, for its sponsor and its organiser's staff. */
export function campaignViewOf(campaign: KnownCampaign): CampaignView {
  const { award, asset } = campaign;
  return {
    id: campaign.campaignId,
    organisationId: campaign.organiser,
    name: campaign.name,
    kind: campaign.kind,
    status: campaign.status,
    budget: money(asset, budgetOf(award)),
    awardCount: awardsOf(award),
    awards: awardsViewOf(award, asset),
    spending: spendingViewOf(campaign.spending, asset),
    opensAt: campaign.opensAt,
    closesAt: campaign.closesAt,
    drawAt: campaign.drawAt,
    expiresAt: campaign.expiresAt,
    commitment: campaign.commitment,
    sponsor: campaign.sponsor,
    budgetContractId: campaign.budgetContractId,
    signUps: signUpCount(campaign),
    granted: campaign.granted,
    ...(campaign.ended && { endReason: campaign.ended }),
    draftedAt: campaign.draftedAt,
  };
}
