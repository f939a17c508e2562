import { describe, expect, it } from '@jest/globals';
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
  SPONSOR,
  vouchersOf,
  type CampaignNode,
  type CampaignPlatform,
} from '#libs/testing/campaigns-world.js';
import { OTHER_SCHOOL, recordedEvents, TENANT } from '#libs/testing/callers.js';
import { DAY_MS, HOUR_MS } from '#libs/testing/contracts-world.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import { verifyDraw, type CampaignId } from '../contract/index.js';
import { signUpsInOrder } from '../domain/campaign/index.js';

const pass = ({ runtime }: CampaignPlatform, ms: number): void =>
  runtime.setNow(addMs(runtime.clock.now(), ms));

const draw = async (platform: CampaignPlatform, node: CampaignNode, id: CampaignId): Promise<void> => {
  pass(platform, DAY_MS + HOUR_MS);
  await node.advance(id);
  await deliverAwards(platform, node);
};

describe('a campaign with vouchers', () => {
  it('goes from the sponsor to the winners, to the merchants, and what is left back to the sponsor', async () => {
    await using platform = await campaignPlatform();
    const node = campaignNode(platform);
    const id = await openCampaign(node);
    expect(await node.campaign(id)).toMatchObject({ status: 'open' });
    for (const name of ['p1', 'p2', 'p3', 'p4']) {
      expect(accepted(await node.signUp(id, payer(name)))).toMatchObject({ outcome: 'WAITING' });
    }
    await draw(platform, node, id);
    const campaign = await node.campaign(id);
    expect(campaign).toMatchObject({ status: 'awarded', granted: 3 });
    const { commitment, award, drawn, budgetContractId, expiresAt } = campaign;
    // In this order, so that no award arrives at a voucher that is over, and none is refused for its time.
    const budget = await node.contracts.find(TENANT, budgetContractId);
    const one = await node.contracts.find(TENANT, drawn!.winners[0]!.contractId);
    const moments = [campaign.drawAt, budget!.endsAt, one!.fundBy, one!.endsAt];
    expect(moments).toEqual(moments.toSorted());
    expect(new Set(moments).size).toBe(4);
    expect(one!.endsAt).toBe(expiresAt);
    const signUpIds = signUpsInOrder(campaign).map(({ signUpId }) => signUpId);
    const published = { campaignId: id, commitment, award, signUpIds, ...drawn! };
    expect(verifyDraw(published)).toEqual([]);
    const [first] = drawn!.winners;
    const voucher = { voucherId: first!.contractId, organisationId: SHOP };
    const paid = accepted(
      await node.spend(payer(first!.account), { ...voucher, amount: fen(3_000), spend: fen(4_500) }),
    );
    expect(paid.voucher).toMatchObject({ status: 'ACTIVE', faceValue: fen(5_000), balance: fen(2_000) });
    pass(platform, 30 * DAY_MS);
    await node.clock.sweep(0);
    await node.advance(id);
    expect(await node.campaign(id)).toMatchObject({ status: 'ended', ended: 'completed' });
    const { held, reached } = await moneyOf(platform);
    expect([...held.values()].every((amount) => amount === 0n)).toBe(true);
    const wallet = campaign.sponsorship!.walletId;
    expect(Object.fromEntries(reached)).toEqual({
      ...Object.fromEntries(
        drawn!.winners.map(({ contractId, amount }) => [`contract:${contractId}`, amount]),
      ),
      [`org:${SHOP}:payable`]: 3_000n,
      [`wallet:${wallet}`]: 4_000n,
    });
  });

  it('gives the budget back where fewer sign up than could win', async () => {
    await using platform = await campaignPlatform();
    const node = campaignNode(platform);
    const id = await openCampaign(node);
    accepted(await node.signUp(id, payer('p1')));
    await draw(platform, node, id);
    pass(platform, 30 * DAY_MS);
    await node.clock.sweep(0);
    const { reached } = await moneyOf(platform);
    const { sponsorship } = await node.campaign(id);
    // The voucher's own ¥50 comes back too: it was never spent.
    expect(reached.get(`wallet:${sponsorship!.walletId}`)).toBe(7_000n);
  });

  it('ends when nobody pays, and never opens after', async () => {
    await using platform = await campaignPlatform();
    const node = campaignNode(platform);
    const { id, budget } = accepted(await node.create());
    accepted(await node.sponsor(id, budget));
    expect(await node.signUp(id, payer('p1'))).toMatchObject({ rejection: { code: 'CAMPAIGN_NOT_OPEN' } });
    pass(platform, DAY_MS);
    await node.clock.sweep(0);
    await node.advance(id);
    expect(await node.campaign(id)).toMatchObject({ status: 'ended', ended: 'notFunded' });
    expect(await node.signUp(id, payer('p1'))).toMatchObject({ rejection: { code: 'CAMPAIGN_ENDED' } });
  });

  it('opens by itself when the money is there', async () => {
    await using platform = await campaignPlatform();
    const node = campaignNode(platform);
    const id = await openCampaign(node, {});
    await followContracts(platform, node);
    expect(await node.campaign(id)).toMatchObject({ status: 'open' });
  });
});

describe('red packets', () => {
  it.each(['equal', 'random'] as const)('share the pot to the last fen, %s', async (split) => {
    await using platform = await campaignPlatform();
    const node = campaignNode(platform);
    const awards = { kind: 'redPackets', pot: fen(1_001), packets: 4, split } as const;
    const id = await openCampaign(node, { awards });
    for (const name of ['p1', 'p2', 'p3', 'p4', 'p5']) accepted(await node.signUp(id, payer(name)));
    await draw(platform, node, id);
    const { drawn, granted } = await node.campaign(id);
    const amounts = drawn!.winners.map(({ amount }) => amount);
    expect([granted, amounts.length, amounts.reduce((sum, amount) => sum + amount, 0n)]).toEqual([
      4,
      4,
      1_001n,
    ]);
    const [winner] = drawn!.winners;
    const spent = await node.spend(payer(winner!.account), {
      voucherId: winner!.contractId,
      organisationId: OTHER_SCHOOL,
      amount: fen(Number(winner!.amount)),
    });
    expect(accepted(spent).voucher).toMatchObject({ status: 'SPENT', kind: 'redPacket', balance: fen(0) });
  });
});

describe('abuse', () => {
  it('of signing up is refused', async () => {
    await using platform = await campaignPlatform();
    const node = campaignNode(platform);
    const shops = [SHOP, OTHER_SCHOOL];
    const id = await openCampaign(node, {
      awards: { kind: 'vouchers', prizes: [{ amount: fen(100), count: 1 }], shops, categories: ['5411'] },
    });
    const again = await node.signUp(id, payer('p1'));
    expect(await node.signUp(id, payer('p1'))).toEqual(again);
    const code = async (name: string, person = `person-${name}`, key = 'key'): Promise<string> => {
      const outcome = await node.signUp(id, { ...payer(name), personId: person }, key);
      return outcome.accepted ? 'signed up' : outcome.rejection.code;
    };
    platform.employers.set('person-teacher', ['school-1' as never]);
    platform.employers.set('person-cashier', [SHOP]);
    platform.employers.set('person-other', [OTHER_SCHOOL]);
    platform.employers.set('person-far', ['far-away' as never]);
    expect({
      'with another key': await code('p1', 'person-p1', 'another'),
      'with another account': await code('p1-too', 'person-p1'),
      'as the sponsor': await code('sponsor-1'),
      'as the sponsor with another account': await code('x', SPONSOR.personId),
      'as who drew it up': await code('y', 'person-bursar-1'),
      'as staff of the organiser': await code('teacher'),
      'as staff of a merchant': await code('cashier'),
      // In the list, but of no category.
      'as staff of somebody who cannot take it': await code('other'),
      'as staff of somebody else': await code('far'),
      'as a bursar': (await node.signUp(id, { ...payer('b'), roles: ['bursar'] })).accepted,
      'of another bank': (await node.signUp(id, { ...payer('z'), tenant: 'x' as never })).accepted,
    }).toEqual({
      'with another key': 'ALREADY_SIGNED_UP',
      'with another account': 'ALREADY_SIGNED_UP',
      'as the sponsor': 'NOT_ELIGIBLE',
      'as the sponsor with another account': 'NOT_ELIGIBLE',
      'as who drew it up': 'NOT_ELIGIBLE',
      'as staff of the organiser': 'NOT_ELIGIBLE',
      'as staff of a merchant': 'NOT_ELIGIBLE',
      'as staff of somebody who cannot take it': 'signed up',
      'as staff of somebody else': 'signed up',
      'as a bursar': false,
      'of another bank': false,
    });
    pass(platform, DAY_MS);
    expect(await code('late')).toBe('SIGN_UP_CLOSED');
    // The same again is answered as the first time, for good.
    expect(await node.signUp(id, payer('p1'))).toEqual(again);
  });

  it('of a voucher is refused, and nothing is stored', async () => {
    await using platform = await campaignPlatform();
    const node = campaignNode(platform);
    const id = await openCampaign(node, {
      awards: {
        kind: 'vouchers',
        prizes: [{ amount: fen(5_000), count: 1 }],
        shops: [SHOP],
        categories: ['5411'],
        minSpend: fen(1_500),
      },
    });
    accepted(await node.signUp(id, payer('p1')));
    pass(platform, DAY_MS + HOUR_MS);
    await node.advance(id);
    const [voucherId] = [...(await vouchersOf(node, id)).values()];
    const holder = payer('p1');
    const at = { voucherId: voucherId!, organisationId: SHOP };
    expect(await node.spend(holder, { ...at, amount: fen(1_500) })).toMatchObject({
      rejection: { code: 'VOUCHER_NOT_READY' },
    });
    await deliverAwards(platform, node);
    let keys = 0;
    const code = async (
      change: Partial<Parameters<CampaignNode['spend']>[1]>,
      { caller = holder, key = `key-${(keys += 1)}` } = {},
    ): Promise<string> => {
      const outcome = await node.spend(caller, { ...at, amount: fen(1_500), ...change }, key);
      return outcome.accepted ? 'spent' : outcome.rejection.code;
    };
    const seen = (await recordedEvents(platform.log)).length;
    platform.employers.set('person-p1', [OTHER_SCHOOL]);
    expect({
      'by somebody else': await code({}, { caller: payer('p2') }),
      'by the sponsor': await code({}, { caller: SPONSOR }),
      'of the budget': await code({ voucherId: (await node.campaign(id)).budgetContractId }),
      'at another merchant': await code({ organisationId: 'school-1' as never }),
      'where they work': await code({ organisationId: OTHER_SCHOOL }),
      'at no merchant': await code({ organisationId: 'nobody' as never }),
      'below the least spend': await code({ amount: fen(1_499) }),
      'above the balance': await code({ amount: fen(5_001) }),
      'of nothing': await code({ amount: fen(0) }),
      'of more than the price': await code({ amount: fen(2_000), spend: fen(1_999) }),
      'in another currency': await code({ amount: { asset: 'USD/2' as never, amount: 1_500n } }),
    }).toEqual({
      'by somebody else': 'VOUCHER_NOT_FOUND',
      'by the sponsor': 'VOUCHER_NOT_FOUND',
      'of the budget': 'VOUCHER_NOT_FOUND',
      'at another merchant': 'MERCHANT_NOT_ALLOWED',
      'where they work': 'OWN_MERCHANT',
      'at no merchant': 'ORGANISATION_NOT_FOUND',
      'below the least spend': 'BELOW_MIN_SPEND',
      'above the balance': 'EXCEEDS_CAP',
      'of nothing': 'INVALID_AMOUNT',
      'of more than the price': 'INVALID_AMOUNT',
      'in another currency': 'INVALID_AMOUNT',
    });
    // What was asked for under a key stays known; no contract and no campaign has anything of it.
    const stored = (await recordedEvents(platform.log)).slice(seen).map(({ type }) => type);
    expect(stored.filter((type) => type !== 'RequestClaimed.v1')).toEqual([]);
    const first = await node.spend(holder, { ...at, amount: fen(2_000) }, 'once');
    expect(accepted(first).spend.amount).toEqual(fen(2_000));
    const second = await node.spend(holder, { ...at, amount: fen(2_000) }, 'once');
    expect(second).toEqual(first);
    expect(await code({ amount: fen(2_001) }, { key: 'once' })).toBe('IDEMPOTENCY_CONFLICT');
    expect(await code({ amount: fen(3_000) })).toBe('spent');
    expect(await code({ amount: fen(1), spend: fen(1_500) }, { key: 'third' })).toBe('EXCEEDS_CAP');
    const { reached } = await moneyOf(platform);
    expect(reached.get(`org:${SHOP}:payable`)).toBe(5_000n);
  });

  it('of a voucher that has expired is refused', async () => {
    await using platform = await campaignPlatform();
    const node = campaignNode(platform);
    const id = await openCampaign(node);
    accepted(await node.signUp(id, payer('p1')));
    await draw(platform, node, id);
    const [voucherId] = [...(await vouchersOf(node, id)).values()];
    pass(platform, 30 * DAY_MS);
    const spent = await node.spend(payer('p1'), {
      voucherId: voucherId!,
      organisationId: SHOP,
      amount: fen(2_000),
    });
    expect(spent).toMatchObject({ rejection: { code: 'VOUCHER_EXPIRED' } });
  });
});
