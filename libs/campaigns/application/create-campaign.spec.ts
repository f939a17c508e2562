import { describe, expect, it } from '@jest/globals';
import { OTHER_SCHOOL } from '#libs/testing/callers.js';
import { campaignNode, campaignPlatform, fen, payer, SHOP } from '#libs/testing/campaigns-world.js';
import { accepted } from '#libs/testing/payment-fixture.js';

describe('abuse', () => {
  it('of a list without end is refused before anybody is looked up', async () => {
    await using platform = await campaignPlatform();
    const prizes = [{ amount: fen(1), count: 1 }];
    const shops = [...Array.from({ length: 200 }, () => SHOP), 'nobody' as never];
    const awards = { kind: 'vouchers', prizes, shops, categories: [] } as const;
    expect(await campaignNode(platform).create({ awards })).toMatchObject({
      rejection: { code: 'INVALID_CAMPAIGN', details: { reason: 'SHOPS' } },
    });
  });

  it('of somebody else’s campaign is refused', async () => {
    await using platform = await campaignPlatform();
    const node = campaignNode(platform);
    const { id, budget } = accepted(await node.create());
    const codeOf = (outcome: {
      readonly accepted: boolean;
      readonly rejection?: { readonly code: string };
    }) => outcome.rejection?.code ?? 'accepted';
    expect([
      codeOf(await node.sponsor(id, budget, payer('p1'))),
      codeOf(await node.sponsor(id, fen(1))),
      codeOf(await node.signUp(id, payer('p1'))),
      codeOf(await node.create({ organisationId: OTHER_SCHOOL })),
      codeOf(await node.create({}, payer('p1'))),
      codeOf(await node.create({ name: 'another' })),
      codeOf(await node.create({})),
    ]).toEqual([
      'CAMPAIGN_NOT_FOUND',
      'AMOUNT_MISMATCH',
      'CAMPAIGN_NOT_FOUND',
      'FORBIDDEN',
      'FORBIDDEN',
      'IDEMPOTENCY_CONFLICT',
      'accepted',
    ]);
  });
});
