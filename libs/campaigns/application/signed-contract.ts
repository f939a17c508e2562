import type {
  ContractMover,
  ContractSummary,
  DraftInput,
} from '#libs/contracts/contract/release-contracts.js';
import type { KnownCampaign } from '../domain/campaign/index.js';
import { stepId } from './ids.js';
import type { CampaignMover, CampaignParts } from './parts.js';

/** Region whose calendar the contracts go by; nothing in them counts working days. */
const REGION = 'CN';

export interface SignedContract {
  /** Absent when it could not even be drafted. */
  readonly found?: ContractSummary;
  /** Code of what was refused, if something was. */
  readonly refusal?: string;
}

export function contractMover(
  { tenant, campaignId }: KnownCampaign,
  { actor, correlationId }: CampaignMover,
  ...step: readonly string[]
): ContractMover {
  return { tenant, actor, correlationId, commandId: stepId(campaignId, ...step) };
}

/**
 * The contract, drafted and signed for everybody in it. All have agreed to it before: the organiser by drawing the campaign up, the
 * sponsor by agreeing to pay for it, the holder by signing up.
 */
export async function signedContract(
  { contracts }: Pick<CampaignParts, 'contracts'>,
  campaign: KnownCampaign,
  mover: CampaignMover,
  draft: { readonly by: string; readonly input: Omit<DraftInput, 'region' | 'organisationId'> },
): Promise<SignedContract> {
  const { contractId } = draft.input;
  let found = await contracts.find(campaign.tenant, contractId);
  if (!found) {
    const input = { ...draft.input, organisationId: campaign.organiser, region: REGION };
    const drafted = await contracts.draft(
      contractMover(campaign, mover, contractId, 'draft'),
      draft.by,
      input,
    );
    if (!drafted.accepted) return { refusal: drafted.rejection.code };
    found = drafted.value;
  }
  for (const role of found.unsigned) {
    const party = found.parties.find((one) => one.role === role);
    const keyId = party?.partyId ?? role;
    const signature = { keyId, alg: 'account', docHash: found.docHash, sig: '' } as const;
    const by = contractMover(campaign, mover, contractId, 'sign', role);
    const signed = await contracts.act(by, role, contractId, { kind: 'sign', role, signature });
    if (!signed.accepted) return { found, refusal: signed.rejection.code };
    found = signed.value;
  }
  return { found };
}
