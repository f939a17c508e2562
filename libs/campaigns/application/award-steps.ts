import type { Party } from '#libs/contracts/contract/release-contracts.js';
import { addMs } from '#libs/kernel/time/index.js';
import type { KnownCampaign, Winner } from '../domain/campaign/index.js';
import { marginMs, sponsorParty } from './budget-steps.js';
import { subjectOf } from './ids.js';
import type { CampaignMover, CampaignParts } from './parts.js';
import { contractMover, signedContract, type SignedContract } from './signed-contract.js';

/** The very versions that sponsor and holder agree to with a campaign; nobody can put other terms in their place by publishing. */
const VOUCHER = { templateId: 'consumption-voucher', templateVersion: '1.0.0' };
const RED_PACKET = { templateId: 'red-packet', templateVersion: '1.0.0' };
const AWARD_RULE = 'award';
/** Any merchant, any category: what templates read as no condition. */
const ANY: readonly string[] = ['*'];
/** ISO 18245 has no category for giving money away. */
const NO_CATEGORY = '0000';
/** Awards under way at once. */
const AT_ONCE = 16;

export interface Awarded {
  /** Ranks 1 to this have their money. */
  readonly through: number;
  /** What the first of the others was refused with. */
  readonly refusal?: string;
}

/**
 * Gives winners their awards: a voucher's contract is drafted and signed, then the budget's contract lets go of the money to it. A
 * rank has one voucher and one claim, so that whoever repeats a step finds it done; the budget's cap is the contract's.
 */
export class AwardSteps {
  constructor(private readonly parts: CampaignParts) {}

  /** The next ranks that have nothing yet, some at once. */
  async next(campaign: KnownCampaign, mover: CampaignMover): Promise<Awarded> {
    const { granted, drawn } = campaign;
    const batch = drawn?.winners.slice(granted, granted + AT_ONCE) ?? [];
    const refusals = await Promise.all(batch.map((winner) => this.#award(campaign, mover, winner)));
    const first = refusals.findIndex((refusal) => refusal !== undefined);
    if (first === -1) return { through: granted + batch.length };
    return { through: granted + first, refusal: refusals[first]! };
  }

  /** Code of the refusal, or `undefined` when the money is on its way to the voucher. */
  async #award(campaign: KnownCampaign, mover: CampaignMover, winner: Winner): Promise<string | undefined> {
    const { budgetContractId } = campaign;
    const { rank, amount, contractId } = winner;
    const voucher = await this.#voucher(campaign, mover, winner);
    if (voucher.refusal !== undefined) return voucher.refusal;
    const by = contractMover(campaign, mover, 'award', String(rank));
    const claimed = await this.parts.contracts.act(by, 'organiser', budgetContractId, {
      kind: 'claim',
      ruleId: AWARD_RULE,
      claimId: contractId,
      amount,
      spend: amount,
      merchantId: contractId,
      mcc: NO_CATEGORY,
      merchantAccount: `contract:${contractId}`,
    });
    return claimed.accepted ? undefined : claimed.rejection.code;
  }

  #voucher(campaign: KnownCampaign, mover: CampaignMover, winner: Winner): Promise<SignedContract> {
    const { campaignId, kind, expiresAt } = campaign;
    const { account, amount, contractId } = winner;
    const holder: Party = { role: 'holder', partyId: account, kind: 'account', payTo: null };
    const times = {
      fundBy: addMs(expiresAt, -Math.floor(marginMs(campaign) / 2) - 1),
      expires: expiresAt,
    };
    return signedContract(this.parts, campaign, mover, {
      by: 'sponsor',
      input: {
        contractId,
        subject: subjectOf(campaignId),
        ...(kind === 'voucher' ? VOUCHER : RED_PACKET),
        params: {
          ...times,
          ...(kind === 'voucher' ? voucherParams(campaign, amount) : { amount: amount.toString() }),
        },
        parties: [sponsorParty(campaign), holder],
      },
    });
  }
}

function voucherParams({ spending: { shops, mccs, minSpend } }: KnownCampaign, face: bigint) {
  return {
    face: face.toString(),
    shops: shops.length === 0 ? ANY : shops,
    mccs: mccs.length === 0 ? ANY : mccs,
    minSpend: minSpend.toString(),
  };
}
