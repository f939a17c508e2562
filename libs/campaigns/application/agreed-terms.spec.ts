import { describe, expect, it } from '@jest/globals';
import type { ContractSummary, Template } from '#libs/contracts/contract/release-contracts.js';
import {
  OpenDispute,
  ProposeAmendment,
  WithdrawContract,
  type DraftContract,
} from '#libs/contracts/contract/requests.js';
import { PublishTemplate, TemplateVersion } from '#libs/contracts/contract/templates.js';
import { asId, type ContractId } from '#libs/kernel/ids/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import { RegisterOrganisation } from '#libs/onboarding/contract/index.js';
import type { Caller } from '#libs/security/port/index.js';
import { callerOf, requestOf, SCHOOL } from '#libs/testing/callers.js';
import { campaignsWorld, type CampaignsWorld } from '#libs/testing/campaigns-views-world.js';
import { BURSAR, fen, payer, SPONSOR } from '#libs/testing/campaigns-world.js';
import { DAY_MS, fund, moverFor } from '#libs/testing/contracts-world.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import {
  CreateCampaign,
  MySignUp,
  SignUpForCampaign,
  SponsorCampaign,
  VoucherById,
  type CampaignId,
} from '../contract/index.js';

const BD = callerOf('bd', 'bd-1');
const HOLDER = payer('p1');
const WALLET = asId<'wallet'>('3b2c4d5e-6f7a-8b8c-9d9e-1f2a3b4c5d6e');

/** One voucher of ¥20, paid for by the sponsor. */
async function opened(world: CampaignsWorld): Promise<CampaignId> {
  const school = { organisationId: SCHOOL, nameZh: '示范', nameEn: 'Demo', kind: 'school' } as const;
  accepted(await world.execute(new RegisterOrganisation(requestOf(BD), school)));
  const now = world.now();
  const prizes = [{ amount: fen(2_000), count: 1 }];
  const { id: campaignId, budget } = accepted(
    await world.execute(
      new CreateCampaign(requestOf(BURSAR), {
        idempotencyKey: 'one',
        organisationId: SCHOOL,
        name: '活动',
        sponsorAccountId: SPONSOR.accountId,
        awards: { kind: 'vouchers', prizes, shops: [], categories: [] },
        opensAt: now,
        closesAt: addMs(now, DAY_MS),
        expiresAt: addMs(now, 10 * DAY_MS),
      }),
    ),
  );
  const agreed = { idempotencyKey: 'yes', campaignId, walletId: WALLET, expectedBudget: budget };
  const { budgetContractId } = accepted(await world.execute(new SponsorCampaign(requestOf(SPONSOR), agreed)));
  await fund(world, budgetContractId!);
  await world.consumers.caughtUp();
  return campaignId;
}

/** The winner's voucher, whose money is still under way. */
async function won(world: CampaignsWorld, campaignId: CampaignId): Promise<ContractId> {
  accepted(
    await world.execute(new SignUpForCampaign(requestOf(HOLDER), { idempotencyKey: 'me', campaignId })),
  );
  world.pass(DAY_MS);
  await world.sweep();
  return (await world.query(new MySignUp(requestOf(HOLDER), campaignId)))!.voucherId!;
}

/** Everything by which a party could keep money back or change where it goes, by hand. */
async function byHand(world: CampaignsWorld, caller: Caller, contractId: ContractId) {
  const request = requestOf(caller);
  const on = { contractId, idempotencyKey: `${contractId}` };
  const parameters: DraftContract['input']['parameters'] = [];
  const answers = [
    await world.execute(new OpenDispute(request, { ...on, reasonCode: 'OTHER' })),
    await world.execute(new WithdrawContract(request, { ...on, reason: '不发了' })),
    await world.execute(new ProposeAmendment(request, { ...on, reason: '少发', parameters })),
  ];
  return answers.map((answer) => (answer.accepted ? 'done' : answer.rejection.code));
}

const BARRED = ['NOT_AUTHORISED', 'NOT_AUTHORISED', 'NOT_AUTHORISED'];

describe('what was agreed to with a campaign', () => {
  it('is neither frozen, called off nor amended by hand by the sponsor or the organiser', async () => {
    await using world = await campaignsWorld();
    const campaignId = await opened(world);
    const budget = asId<'contract'>(campaignId);
    expect(await byHand(world, SPONSOR, budget)).toEqual(BARRED);
    expect(await byHand(world, BURSAR, budget)).toEqual(BARRED);
    const voucherId = await won(world, campaignId);
    expect(await byHand(world, SPONSOR, voucherId)).toEqual(BARRED);
    expect(await byHand(world, payer('p2'), voucherId)).toEqual(BARRED.map(() => 'CONTRACT_NOT_FOUND'));
    const source = { kind: 'contract', contractId: budget, releaseId: voucherId } as const;
    const deposit = { kind: 'deposit', depositId: voucherId, source, amount: 2_000n } as const;
    accepted(await world.contracts.act(moverFor('deposit'), 'system', voucherId, deposit));
    expect(await byHand(world, SPONSOR, voucherId)).toEqual(BARRED);
    expect(await world.query(new VoucherById(requestOf(HOLDER), voucherId))).toMatchObject({
      status: 'ACTIVE',
      balance: fen(2_000),
    });
    const dispute = { contractId: voucherId, idempotencyKey: 'd', reasonCode: 'FRAUD' };
    expect(await world.execute(new OpenDispute(requestOf(HOLDER), dispute))).toMatchObject({
      accepted: true,
      value: { status: 'frozen' },
    });
  });

  it('stays what it was when other versions of its templates are published', async () => {
    await using world = await campaignsWorld();
    for (const templateId of ['campaign-budget', 'consumption-voucher']) {
      const { template } = (await world.query(new TemplateVersion(requestOf(BD), templateId)))!;
      const shipped = JSON.parse(template.document) as Template;
      const document = JSON.stringify({ ...shipped, version: '1.0.1' });
      accepted(await world.execute(new PublishTemplate(requestOf(BD), { document })));
    }
    const campaignId = await opened(world);
    const voucherId = await won(world, campaignId);
    const versions = [asId<'contract'>(campaignId), voucherId].map(async (contractId) => {
      const { templateVersion } = (await world.contracts.find(BD.tenant, contractId)) as ContractSummary;
      return templateVersion;
    });
    expect(await Promise.all(versions)).toEqual(['1.0.0', '1.0.0']);
  });
});
