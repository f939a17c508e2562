import type { TenantId } from '#libs/kernel/ids/index.js';
import type { Rng } from '#libs/runtime/port/index.js';
import type { MessageSeals } from '#libs/security/port/index.js';
import type { CampaignId } from '../domain/campaign/index.js';

/** As many as HMAC-SHA-256 gives, so that one seal covers the whole seed. */
const SEED_BYTES = 32;

/** 32 random bytes, hex. */
export function newSeed(rng: Rng): string {
  return Buffer.from(rng.bytes(SEED_BYTES)).toString('hex');
}

/**
 * The seed under a one-time pad: HMAC-SHA-256 under the tenant's key of the campaign's id, which is used for nothing else. Whoever
 * reads the log learns nothing of the draw before it is due. Applied again it gives the seed back; the commitment says whether it
 * is the right one.
 */
export function underPad(
  seals: MessageSeals,
  { tenant, campaignId }: { readonly tenant: TenantId; readonly campaignId: CampaignId },
  seedHex: string,
): string {
  const pad = seals.seal(tenant, 'campaignSeed', campaignId);
  const seed = Buffer.from(seedHex, 'hex');
  if (seed.length !== SEED_BYTES || pad.length !== SEED_BYTES) throw new Error('A seed has 32 bytes.');
  return Buffer.from(seed.map((byte, index) => byte ^ pad[index]!)).toString('hex');
}

/** The same person has the same key in one campaign, and another in every other; nobody outside can compute it. Hex. */
export function personKeyOf(
  seals: MessageSeals,
  { tenant, campaignId }: { readonly tenant: TenantId; readonly campaignId: CampaignId },
  personId: string,
): string {
  return Buffer.from(seals.seal(tenant, 'campaignPerson', `${campaignId}:${personId}`)).toString('hex');
}
