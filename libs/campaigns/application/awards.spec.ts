import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addMs } from '#libs/kernel/time/index.js';
import {
  campaignNode,
  campaignPlatform,
  deliverAwards,
  fen,
  followContracts,
  moneyOf,
  openCampaign,
  payer,
  SHOP,
  type CampaignNode,
  type CampaignPlatform,
} from '#libs/testing/campaigns-world.js';
import { recordedEvents } from '#libs/testing/callers.js';
import { DAY_MS, fund, HOUR_MS } from '#libs/testing/contracts-world.js';
import { mortalLog, type Death } from '#libs/testing/mortal-log.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import type { CampaignId } from '../contract/index.js';

const WINNERS = 3;

/** A campaign whose draw is due, with as many people as awards. */
async function due(platform: CampaignPlatform, count = WINNERS): Promise<CampaignId> {
  const node = campaignNode(platform);
  const prizes = [{ amount: fen(1_000), count }];
  const id = await openCampaign(node, { awards: { kind: 'vouchers', prizes, shops: [], categories: [] } });
  for (let person = 0; person < count; person += 1) accepted(await node.signUp(id, payer(`p${person}`)));
  const { runtime } = platform;
  runtime.setNow(addMs(runtime.clock.now(), DAY_MS + HOUR_MS));
  return id;
}

const deathsIn = (appends: number): readonly Death[] =>
  Array.from({ length: appends }, (_, index) => index + 1).flatMap((append) => [
    { append, moment: 'before' } as const,
    { append, moment: 'after' } as const,
  ]);

/** What must be true however often the process has died: everything once, nobody left out, the budget to the last fen. */
async function faultsIn(
  platform: CampaignPlatform,
  node: CampaignNode,
  id: CampaignId,
): Promise<readonly string[]> {
  const faults: string[] = [];
  const { status, granted, drawn } = await node.campaign(id);
  if (status !== 'awarded' || granted !== WINNERS) faults.push(`${status} with ${granted} granted`);
  const events = await recordedEvents(platform.log);
  const count = (type: string): number => events.filter((event) => event.type === `${type}.v1`).length;
  if (count('SeedRevealed') !== 1) faults.push('drawn more than once');
  if (count('AwardGranted') !== WINNERS) faults.push('granted more than once');
  const { held, reached } = await moneyOf(platform);
  for (const { contractId, amount } of drawn?.winners ?? []) {
    if (held.get(contractId) !== amount) faults.push(`voucher holds ${held.get(contractId)}`);
    if (reached.get(`contract:${contractId}`) !== amount) faults.push('the budget paid another amount');
  }
  const total = [...reached.values()].reduce((sum, amount) => sum + amount, 0n);
  if (total !== BigInt(WINNERS) * 1_000n) faults.push(`${total} left the budget`);
  if (held.get(id as never) !== 0n) faults.push('the budget still holds money');
  return faults;
}

describe('the process that gives awards', () => {
  async function appendsWithoutCrash(): Promise<number> {
    await using platform = await campaignPlatform();
    const id = await due(platform);
    const mortal = mortalLog(platform.log, undefined);
    await campaignNode(platform, mortal.log).advance(id);
    return mortal.appends();
  }

  it('draws and grants everything once, wherever it dies', async () => {
    const appends = await appendsWithoutCrash();
    expect(appends).toBeGreaterThan(3 * WINNERS);
    for (const death of deathsIn(appends)) {
      await using platform = await campaignPlatform();
      const id = await due(platform);
      await campaignNode(platform, mortalLog(platform.log, death).log)
        .advance(id)
        .catch(() => undefined);
      const node = campaignNode(platform);
      await node.advance(id);
      await deliverAwards(platform, node);
      const faults = await faultsIn(platform, node, id);
      expect({ death, faults }).toEqual({ death, faults: [] });
    }
  }, 30_000);

  it('does so too when two do it at once', async () => {
    for (let run = 0; run < 10; run += 1) {
      await using platform = await campaignPlatform();
      const id = await due(platform);
      const pause = async (): Promise<void> => {
        for (let turns = (platform.runtime.rng.bytes(1)[0]! + run) % 6; turns > 0; turns -= 1)
          await Promise.resolve();
      };
      const nodes = [0, 1].map(() => campaignNode(platform, mortalLog(platform.log, undefined, pause).log));
      await Promise.all(nodes.map((node) => node.advance(id)));
      const node = campaignNode(platform);
      await deliverAwards(platform, node);
      expect(await faultsIn(platform, node, id)).toEqual([]);
    }
  });

  it('is done with budgets of many awards, some at a time', async () => {
    await using platform = await campaignPlatform();
    const node = campaignNode(platform);
    const id = await due(platform, 40);
    await node.advance(id);
    expect(await node.campaign(id)).toMatchObject({ status: 'awarded', granted: 40 });
  });

  it('waits while the budget is frozen, and ends when it is gone', async () => {
    await using platform = await campaignPlatform();
    const node = campaignNode(platform);
    const id = await due(platform);
    const { budgetContractId } = await node.campaign(id);
    const mover = (commandId: string) => ({
      tenant: 'demo' as never,
      actor: 'sponsor-1',
      correlationId: 'x',
      commandId,
    });
    const disputeId = 'dispute-1';
    const dispute = { kind: 'dispute', disputeId, subject: null, reasonCode: 'OTHER' } as const;
    accepted(
      await node.contracts.act(
        mover('00000000-0000-8000-8000-00000000000a'),
        'sponsor',
        budgetContractId,
        dispute,
      ),
    );
    expect((await node.advance(id)).waitsFor).toContain('CONTRACT_FROZEN');
    expect(await node.campaign(id)).toMatchObject({ status: 'drawn', granted: 0 });
    for (const role of ['sponsor', 'organiser']) {
      const vote = { kind: 'vote', disputeId, outcome: 'refund' } as const;
      const by = mover(`00000000-0000-8000-8000-00000000000${role === 'sponsor' ? 'b' : 'c'}`);
      accepted(await node.contracts.act(by, role, budgetContractId, vote));
    }
    await node.advance(id);
    expect(await node.campaign(id)).toMatchObject({ status: 'ended', ended: 'budgetEnded', granted: 0 });
  });
});

describe('agreeing to a campaign', () => {
  it('leaves a contract to pay into, wherever the process dies', async () => {
    for (const death of deathsIn(5)) {
      await using platform = await campaignPlatform();
      const first = campaignNode(platform);
      const { id, budget, budgetContractId } = accepted(await first.create());
      const doomed = campaignNode(platform, mortalLog(platform.log, death).log);
      await doomed.sponsor(id, budget).catch(() => undefined);
      const node = campaignNode(platform);
      // Not stored: the sponsor asks again. Stored: the clock goes on with it.
      if ((await node.campaign(id)).status === 'drafted') accepted(await node.sponsor(id, budget));
      expect((await node.advance(id)).waitsFor).toContain('not been paid');
      await fund(node, budgetContractId!);
      await node.advance(id);
      expect({ death, campaign: await node.campaign(id) }).toMatchObject({
        death,
        campaign: { status: 'open' },
      });
    }
  });
});

describe('the money of a campaign', () => {
  it('is with merchants and the sponsor in the end, to the last fen, whoever wins and spends', async () => {
    const campaign = fc.record({
      people: fc.integer({ min: 0, max: 6 }),
      packets: fc.integer({ min: 1, max: 5 }),
      pot: fc.integer({ min: 5, max: 10_000 }),
      split: fc.constantFrom('equal', 'random'),
      spends: fc.array(fc.record({ of: fc.nat(5), amount: fc.integer({ min: 1, max: 4_000 }) }), {
        maxLength: 8,
      }),
    });
    await fc.assert(
      fc.asyncProperty(campaign, async ({ people, packets, pot, split, spends }) => {
        await using platform = await campaignPlatform();
        const node = campaignNode(platform);
        const awards = { kind: 'redPackets', pot: fen(pot), packets, split } as const;
        const id = await openCampaign(node, { awards });
        for (let person = 0; person < people; person += 1)
          accepted(await node.signUp(id, payer(`p${person}`)));
        const { runtime } = platform;
        runtime.setNow(addMs(runtime.clock.now(), DAY_MS + HOUR_MS));
        await node.advance(id);
        await deliverAwards(platform, node);
        const { drawn, sponsorship } = await node.campaign(id);
        let spent = 0n;
        for (const [index, { of, amount }] of spends.entries()) {
          const winner = drawn!.winners[of];
          if (!winner) continue;
          const input = { voucherId: winner.contractId, organisationId: SHOP, amount: fen(amount) };
          const outcome = await node.spend(payer(winner.account), input, `key-${index}`);
          if (outcome.accepted) spent += BigInt(amount);
        }
        runtime.setNow(addMs(runtime.clock.now(), 31 * DAY_MS));
        await node.clock.sweep(0);
        await node.advance(id);
        const { held, reached } = await moneyOf(platform);
        expect([...held.values()].every((amount) => amount === 0n)).toBe(true);
        expect(reached.get(`org:${SHOP}:payable`) ?? 0n).toBe(spent);
        expect(reached.get(`wallet:${sponsorship!.walletId}`) ?? 0n).toBe(BigInt(pot) - spent);
        expect(await node.campaign(id)).toMatchObject({ status: 'ended', ended: 'completed' });
      }),
      { numRuns: 12, seed: 7 },
    );
  }, 20_000);
});

describe('a spending', () => {
  it('is paid once and written down, wherever the process dies', async () => {
    for (const death of deathsIn(3)) {
      await using platform = await campaignPlatform();
      const id = await due(platform);
      const node = campaignNode(platform);
      await node.advance(id);
      await deliverAwards(platform, node);
      const [winner] = (await node.campaign(id)).drawn!.winners;
      const input = { voucherId: winner!.contractId, organisationId: SHOP, amount: fen(400) };
      const holder = payer(winner!.account);
      const doomed = campaignNode(platform, mortalLog(platform.log, death).log);
      await doomed.spend(holder, input).catch(() => undefined);
      const again = campaignNode(platform);
      const spent = accepted(await again.spend(holder, input));
      await followContracts(platform, again);
      const other = await again.spend(holder, { ...input, amount: fen(300) });
      const { reached } = await moneyOf(platform);
      const recorded = (await recordedEvents(platform.log)).filter(({ type }) => type === 'VoucherSpent.v1');
      expect({
        death,
        balance: spent.voucher.balance,
        paid: reached.get(`org:${SHOP}:payable`),
        recorded: recorded.length,
        other: other.accepted ? 'spent' : other.rejection.code,
      }).toEqual({ death, balance: fen(600), paid: 400n, recorded: 1, other: 'IDEMPOTENCY_CONFLICT' });
    }
  });

  it('is written down by who follows the contracts when nobody asks again', async () => {
    await using platform = await campaignPlatform();
    const id = await due(platform);
    const node = campaignNode(platform);
    await node.advance(id);
    await deliverAwards(platform, node);
    const [winner, second] = (await node.campaign(id)).drawn!.winners;
    const input = { voucherId: winner!.contractId, organisationId: SHOP, amount: fen(400), spend: fen(900) };
    const doomed = campaignNode(platform, mortalLog(platform.log, { append: 2, moment: 'after' }).log);
    await expect(doomed.spend(payer(winner!.account), input)).rejects.toThrow();
    const again = campaignNode(platform);
    await followContracts(platform, again);
    await followContracts(platform, again);
    const recorded = (await recordedEvents(platform.log)).filter(({ type }) => type === 'VoucherSpent.v1');
    expect(
      recorded.map(({ data }) => [data['voucherId'], data['organisationId'], data['amount'], data['spend']]),
    ).toEqual([[winner!.contractId, SHOP, '400', '900']]);
    // The key is used up now, for another voucher too.
    expect(second!.contractId).not.toBe(winner!.contractId);
    expect(await again.spend(payer(winner!.account), { ...input, amount: fen(401) })).toMatchObject({
      rejection: { code: 'IDEMPOTENCY_CONFLICT' },
    });
  });
});
