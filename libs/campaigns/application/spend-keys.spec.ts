import { describe, expect, it } from '@jest/globals';
import { recordedEvents } from '#libs/testing/callers.js';
import { addMs } from '#libs/kernel/time/index.js';
import {
  campaignNode,
  campaignPlatform,
  deliverAwards,
  fen,
  moneyOf,
  openCampaign,
  payer,
  SHOP,
  SPONSOR,
  type CampaignNode,
  type CampaignPlatform,
} from '#libs/testing/campaigns-world.js';
import { DAY_MS, HOUR_MS } from '#libs/testing/contracts-world.js';
import { mortalLog } from '#libs/testing/mortal-log.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import type { ContractId } from '#libs/kernel/ids/index.js';

const HOLDER = payer('p1');

/** Two vouchers of ¥10 of one person, each of a campaign of its own. */
async function twoVouchers(platform: CampaignPlatform): Promise<readonly ContractId[]> {
  const node = campaignNode(platform);
  const prizes = [{ amount: fen(1_000), count: 1 }];
  const ids = [];
  for (const idempotencyKey of ['campaign-1', 'campaign-2']) {
    const awards = { kind: 'vouchers', prizes, shops: [], categories: [] } as const;
    const id = await openCampaign(node, { idempotencyKey, awards });
    accepted(await node.signUp(id, HOLDER, idempotencyKey));
    ids.push(id);
  }
  platform.runtime.setNow(addMs(platform.runtime.clock.now(), DAY_MS + HOUR_MS));
  for (const id of ids) await node.advance(id);
  await deliverAwards(platform, node);
  return Promise.all(ids.map(async (id) => (await node.campaign(id)).drawn!.winners[0]!.contractId));
}

const spend = async (node: CampaignNode, voucherId: ContractId): Promise<string> => {
  const outcome = await node.spend(HOLDER, { voucherId, organisationId: SHOP, amount: fen(400) }, 'one-key');
  return outcome.accepted ? 'spent' : outcome.rejection.code;
};

describe('a key', () => {
  it('of a sponsor agrees to one campaign', async () => {
    await using platform = await campaignPlatform();
    const node = campaignNode(platform);
    const agree = async (idempotencyKey: string) => {
      const { id, budget } = accepted(await node.create({ idempotencyKey }));
      return node.sponsor(id, budget, SPONSOR, 'one-key');
    };
    const first = await agree('campaign-1');
    expect(first).toMatchObject({ accepted: true, value: { status: 'sponsored' } });
    expect(await agree('campaign-1')).toEqual(first);
    expect(await agree('campaign-2')).toMatchObject({ rejection: { code: 'IDEMPOTENCY_CONFLICT' } });
  });

  it('that is used for two vouchers at the same moment spends from one', async () => {
    for (let run = 0; run < 6; run += 1) {
      await using platform = await campaignPlatform();
      const vouchers = await twoVouchers(platform);
      const pause = async (): Promise<void> => {
        for (let turns = (platform.runtime.rng.bytes(1)[0]! + run) % 6; turns > 0; turns -= 1)
          await Promise.resolve();
      };
      const attempts = vouchers.map((voucherId) =>
        spend(campaignNode(platform, mortalLog(platform.log, undefined, pause).log), voucherId),
      );
      expect((await Promise.all(attempts)).toSorted()).toEqual(['IDEMPOTENCY_CONFLICT', 'spent']);
      const { reached } = await moneyOf(platform);
      expect(reached.get(`org:${SHOP}:payable`)).toBe(400n);
      const recorded = (await recordedEvents(platform.log)).filter(({ type }) => type === 'VoucherSpent.v1');
      expect(recorded).toHaveLength(1);
    }
  });

  it('is used up by what it was used for, also when that was refused', async () => {
    await using platform = await campaignPlatform();
    const node = campaignNode(platform);
    const [first, second] = await twoVouchers(platform);
    const tooMuch = { voucherId: first!, organisationId: SHOP, amount: fen(1_001) };
    for (let time = 0; time < 2; time += 1) {
      expect(await node.spend(HOLDER, tooMuch, 'one-key')).toMatchObject({
        rejection: { code: 'EXCEEDS_CAP' },
      });
    }
    expect(await spend(node, second!)).toBe('IDEMPOTENCY_CONFLICT');
    const { reached } = await moneyOf(platform);
    expect(reached.get(`org:${SHOP}:payable`)).toBeUndefined();
  });
});
