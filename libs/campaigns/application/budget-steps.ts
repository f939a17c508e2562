import { addMs, epochMsOf, type Instant } from '#libs/kernel/time/index.js';
import type { Party } from '#libs/contracts/contract/release-contracts.js';
import type { KnownCampaign } from '../domain/campaign/index.js';
import { budgetOf } from '../domain/lottery/index.js';
import { subjectOf } from './ids.js';
import type { CampaignMover, CampaignParts } from './parts.js';
import { signedContract, type SignedContract } from './signed-contract.js';

/** The very version that the sponsor agrees to; nobody can put other terms in its place by publishing. */
const TEMPLATE = { templateId: 'campaign-budget', templateVersion: '1.0.0' };

/** Between the last award that can go out and the expiry of the vouchers: a tenth of that time, at most an hour. */
const LONGEST_MARGIN_MS = 3_600_000;

export function marginMs({ drawAt, expiresAt }: KnownCampaign): number {
  return Math.min(Math.floor((epochMsOf(expiresAt) - epochMsOf(drawAt)) / 10), LONGEST_MARGIN_MS);
}

/** When what is left of the budget goes back. Before the vouchers expire, so that no award arrives at one that has. */
export function budgetEndsAt(campaign: KnownCampaign): Instant {
  return addMs(campaign.expiresAt, -marginMs(campaign));
}

/** The sponsor as a party: money that comes back goes to the wallet they have named. */
export function sponsorParty({ sponsor, sponsorship }: KnownCampaign): Party {
  if (!sponsorship) throw new Error('A campaign without a sponsor has no contracts.');
  return { role: 'sponsor', partyId: sponsor, kind: 'account', payTo: `wallet:${sponsorship.walletId}` };
}

/** The contract that holds the budget. */
export class BudgetSteps {
  constructor(private readonly parts: CampaignParts) {}

  signed(campaign: KnownCampaign, mover: CampaignMover): Promise<SignedContract> {
    const { campaignId, organiser, award, closesAt, budgetContractId } = campaign;
    const organiserParty: Party = {
      role: 'organiser',
      partyId: organiser,
      kind: 'organisation',
      payTo: `org:${organiser}:payable`,
    };
    return signedContract(this.parts, campaign, mover, {
      by: 'organiser',
      input: {
        contractId: budgetContractId,
        subject: subjectOf(campaignId),
        ...TEMPLATE,
        params: {
          budget: budgetOf(award).toString(),
          fundBy: closesAt,
          endsAt: budgetEndsAt(campaign),
        },
        parties: [sponsorParty(campaign), organiserParty],
      },
    });
  }
}
