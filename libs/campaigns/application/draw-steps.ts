import type { Instant } from '#libs/kernel/time/index.js';
import { LOTTERY_HASH } from '../contract/index.js';
import {
  signUpsInOrder,
  type CampaignCommand,
  type KnownCampaign,
  type SignUpId,
} from '../domain/campaign/index.js';
import {
  commitmentOf,
  signUpsDigest,
  ticketsOf,
  winnersAmong,
  type Ticket,
} from '../domain/lottery/index.js';
import { voucherIdOf } from './ids.js';
import type { CampaignParts } from './parts.js';
import { underPad } from './secrets.js';

/** Tickets computed in one go, some 20 ms; others have their turn in between. */
const IN_ONE_GO = 2_000;

/** The draw of a campaign over everybody who has signed up. */
export async function drawOf(
  { seals, runtime }: Pick<CampaignParts, 'seals' | 'runtime'>,
  campaign: KnownCampaign,
  at: Instant,
): Promise<Extract<CampaignCommand, { kind: 'draw' }>> {
  const { campaignId, award } = campaign;
  const seed = underPad(seals, campaign, campaign.sealedSeed);
  const signUps = signUpsInOrder(campaign);
  const signUpIds = signUps.map(({ signUpId }) => signUpId);
  const tickets: Ticket[] = [];
  for (let from = 0; from < signUpIds.length; from += IN_ONE_GO) {
    if (from > 0) await runtime.timers.sleep(0);
    tickets.push(...ticketsOf({ campaignId, seed }, signUpIds.slice(from, from + IN_ONE_GO), LOTTERY_HASH));
  }
  const accounts = new Map<string, string>(signUps.map(({ signUpId, account }) => [signUpId, account]));
  const places = winnersAmong({ campaignId, seed, award }, tickets, LOTTERY_HASH);
  return {
    kind: 'draw',
    seed,
    seedHash: commitmentOf(seed, LOTTERY_HASH),
    signUps: signUps.length,
    digest: signUpsDigest(signUpIds, LOTTERY_HASH),
    winners: places.map(({ rank, signUpId, amount }) => ({
      rank,
      signUpId: signUpId as SignUpId,
      account: accounts.get(signUpId)!,
      amount,
      contractId: voucherIdOf(campaignId, rank),
    })),
    at,
  };
}
