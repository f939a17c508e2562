import type { Merchant } from '#libs/onboarding/contract/index.js';
import type { Caller } from '#libs/security/port/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { OrganisationId } from '#libs/kernel/ids/index.js';
import type { KnownCampaign, SpendingTerms } from '../domain/campaign/index.js';
import type { CampaignParts } from './parts.js';

/** Whether a merchant may take what can be spent under these terms; the contract has the last word. */
export function mayTake({ shops, mccs }: SpendingTerms, { organisationId, mcc }: Merchant): boolean {
  if (shops.length > 0 && !shops.includes(organisationId)) return false;
  return mccs.length === 0 || (mcc !== null && mccs.includes(mcc));
}

/** For whom the caller works: as the token says of the account, and the register of the person. */
export async function employersOf(
  { employment }: Pick<CampaignParts, 'employment'>,
  { organisation, tenant, personId }: Caller,
): Promise<ReadonlySet<OrganisationId>> {
  const known = await employment.employersOf(tenant, personId);
  return new Set([...known, ...(organisation === undefined ? [] : [organisation])]);
}

/**
 * Staff of the organiser, and of the merchants a campaign names, take no part in it. Where it is for anybody to take, only the
 * organiser's are kept out.
 */
export async function isStaffOf(
  parts: Pick<CampaignParts, 'employment' | 'merchants' | 'runtime'>,
  campaign: KnownCampaign,
  caller: Caller,
): Promise<boolean> {
  const employers = await employersOf(parts, caller);
  if (employers.has(campaign.organiser)) return true;
  const { spending, tenant } = campaign;
  if (spending.shops.length === 0 && spending.mccs.length === 0) return false;
  const today = localDateOf(parts.runtime.clock.now());
  for (const employer of employers) {
    const merchant = await parts.merchants.find(tenant, employer, today);
    if (merchant && mayTake(spending, merchant)) return true;
  }
  return false;
}
