import { describe, expect, it } from '@jest/globals';
import { asId, type ContractId } from '#libs/kernel/ids/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import { RegisterOrganisation, SetMerchantCategory } from '#libs/onboarding/contract/index.js';
import type { Caller } from '#libs/security/port/index.js';
import { callerOf, OTHER_SCHOOL, requestOf, SCHOOL } from '#libs/testing/callers.js';
import { campaignsWorld, type CampaignsWorld } from '#libs/testing/campaigns-views-world.js';
import { BURSAR, fen, payer, SPONSOR } from '#libs/testing/campaigns-world.js';
import { DAY_MS, fund, moverFor } from '#libs/testing/contracts-world.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import {
  CampaignById,
  CampaignDraw,
  CampaignsOf,
  CreateCampaign,
  DrawnSignUps,
  MySignUp,
  MyVouchers,
  SignUpForCampaign,
  SpendVoucher,
  SponsorCampaign,
  verifyDraw,
  VoucherById,
  VouchersTaken,
  type CampaignId,
} from '../contract/index.js';

const BD = callerOf('bd', 'bd-1');
const AUDITOR = callerOf('auditor', 'auditor-1');
const STRANGER: Caller = { ...payer('stranger'), tenant: asId<'tenant'>('another-bank') };
const page = { first: 10 };

async function drafted(world: CampaignsWorld, key: string, awards = 2): Promise<CampaignId> {
  const now = world.now();
  const input = {
    idempotencyKey: key,
    organisationId: SCHOOL,
    name: `活动 ${key}`,
    sponsorAccountId: SPONSOR.accountId,
    awards: {
      kind: 'vouchers',
      prizes: [{ amount: fen(2_000), count: awards }],
      shops: [OTHER_SCHOOL],
      categories: ['8211'],
    },
    opensAt: now,
    closesAt: addMs(now, DAY_MS),
    expiresAt: addMs(now, 10 * DAY_MS),
  } as const;
  return accepted(await world.execute(new CreateCampaign(requestOf(BURSAR), input))).id;
}

async function opened(world: CampaignsWorld): Promise<CampaignId> {
  for (const organisationId of [SCHOOL, OTHER_SCHOOL]) {
    const input = { organisationId, nameZh: '示范', nameEn: 'Demo', kind: 'school' } as const;
    accepted(await world.execute(new RegisterOrganisation(requestOf(BD), input)));
  }
  const category = { idempotencyKey: 'mcc', organisationId: OTHER_SCHOOL, mcc: '8211' };
  accepted(await world.execute(new SetMerchantCategory(requestOf(BD), category)));
  const campaignId = await drafted(world, 'one');
  const walletId = asId<'wallet'>('3b2c4d5e-6f7a-8b8c-9d9e-1f2a3b4c5d6e');
  const agreed = { idempotencyKey: 'yes', campaignId, walletId, expectedBudget: fen(4_000) };
  const { budgetContractId } = accepted(await world.execute(new SponsorCampaign(requestOf(SPONSOR), agreed)));
  await fund(world, budgetContractId!);
  await world.consumers.caughtUp();
  return campaignId;
}

async function drawnWith(world: CampaignsWorld, names: readonly string[]): Promise<CampaignId> {
  const campaignId = await opened(world);
  for (const name of names) {
    const input = { idempotencyKey: 'me', campaignId };
    accepted(await world.execute(new SignUpForCampaign(requestOf(payer(name)), input)));
  }
  world.pass(DAY_MS);
  await world.sweep();
  return campaignId;
}

/** What payments do with what a budget has released. */
async function deliver(world: CampaignsWorld, campaignId: CampaignId, voucherId: ContractId): Promise<void> {
  const source = {
    kind: 'contract',
    contractId: asId<'contract'>(campaignId),
    releaseId: voucherId,
  } as const;
  const deposit = { kind: 'deposit', depositId: voucherId, source, amount: 2_000n } as const;
  accepted(await world.contracts.act(moverFor(`deposit ${voucherId}`), 'system', voucherId, deposit));
}

describe('campaigns as people see them', () => {
  it('are drafts to their makers and the sponsor, everybody’s once they are paid for', async () => {
    await using world = await campaignsWorld();
    const open = await opened(world);
    const draft = await drafted(world, 'two');
    const seen = async (caller: Caller): Promise<readonly string[]> => {
      const found = await world.query(new CampaignsOf(requestOf(caller), {}, page));
      const each = [];
      for (const id of [draft, open]) {
        if (await world.query(new CampaignById(requestOf(caller), id))) each.push(id);
      }
      expect(found.items.map(({ item }) => item.id).sort()).toEqual([...each].sort());
      return each.map((id) => (id === draft ? 'draft' : 'open'));
    };
    expect({
      bursar: await seen(BURSAR),
      bd: await seen(BD),
      auditor: await seen(AUDITOR),
      sponsor: await seen(SPONSOR),
      payer: await seen(payer('p1')),
      'bursar of another': await seen(callerOf('bursar', 'b2', OTHER_SCHOOL)),
      stranger: await seen(STRANGER),
    }).toEqual({
      bursar: ['draft', 'open'],
      bd: ['draft', 'open'],
      auditor: ['draft', 'open'],
      sponsor: ['draft', 'open'],
      payer: ['open'],
      'bursar of another': [],
      stranger: [],
    });
    const inside = async (caller: Caller) =>
      Object.keys((await world.query(new CampaignById(requestOf(caller), open)))!).filter((name) =>
        ['sponsor', 'budgetContractId'].includes(name),
      );
    expect([await inside(payer('p1')), await inside(SPONSOR), await inside(BURSAR)]).toEqual([
      [],
      ['sponsor', 'budgetContractId'],
      ['sponsor', 'budgetContractId'],
    ]);
    expect(
      await world.query(new CampaignsOf(requestOf(BURSAR), { statuses: ['drafted'] }, page)),
    ).toMatchObject({
      items: [{ item: { id: draft, status: 'drafted' } }],
    });
    const first = await world.query(new CampaignsOf(requestOf(BURSAR), {}, { first: 1 }));
    const after = first.items[0]!.cursor;
    const second = await world.query(new CampaignsOf(requestOf(BURSAR), {}, { first: 1, after }));
    expect([first.hasNextPage, second.hasNextPage]).toEqual([true, false]);
    expect(new Set([first.items[0]!.item.id, second.items[0]!.item.id])).toEqual(new Set([draft, open]));
  });

  it('are drawn by the clock, for everybody to check', async () => {
    await using world = await campaignsWorld();
    const id = await drawnWith(world, ['p1', 'p2', 'p3']);
    const campaign = await world.query(new CampaignById(requestOf(payer('p9')), id));
    expect(campaign).toMatchObject({ status: 'awarded', signUps: 3, granted: 2 });
    const outcomes = [];
    for (const name of ['p1', 'p2', 'p3', 'p4']) {
      outcomes.push((await world.query(new MySignUp(requestOf(payer(name)), id)))?.outcome);
    }
    expect(outcomes.filter((outcome) => outcome === 'WON').length).toBe(2);
    expect([outcomes.filter((outcome) => outcome === 'LOST').length, outcomes[3]]).toEqual([1, undefined]);
    const asked = requestOf(payer('p9'));
    const draw = await world.query(new CampaignDraw(asked, id));
    const pages = [];
    for (let after: string | undefined; pages.length < 5;) {
      const found = await world.query(new DrawnSignUps(asked, id, { first: 1, ...(after && { after }) }));
      pages.push(...found.items.map(({ item }) => item));
      after = found.items.at(-1)?.cursor;
      if (!found.hasNextPage) break;
    }
    const winners = pages
      .flatMap(({ rank, signUpId, amount }) =>
        rank && amount ? [{ rank, signUpId, amount: amount.amount }] : [],
      )
      .sort((a, b) => a.rank - b.rank);
    const award = { kind: 'prizes', prizes: [{ amount: 2_000n, count: 2 }] } as const;
    const signUpIds = pages.map(({ signUpId }) => signUpId);
    expect(verifyDraw({ ...draw!, award, signUpIds, winners })).toEqual([]);
    expect(await world.query(new CampaignDraw(requestOf(STRANGER), id))).toBeUndefined();
    expect((await world.query(new DrawnSignUps(requestOf(STRANGER), id, page))).items).toEqual([]);
  });

  it('say nothing of a draw before it', async () => {
    await using world = await campaignsWorld();
    const id = await opened(world);
    const input = { idempotencyKey: 'me', campaignId: id };
    accepted(await world.execute(new SignUpForCampaign(requestOf(payer('p1')), input)));
    expect(await world.query(new CampaignDraw(requestOf(BURSAR), id))).toBeUndefined();
    expect((await world.query(new DrawnSignUps(requestOf(BURSAR), id, page))).items).toEqual([]);
    expect(await world.query(new MySignUp(requestOf(payer('p1')), id))).toMatchObject({ outcome: 'WAITING' });
    await world.sweep();
    expect(await world.query(new CampaignById(requestOf(BURSAR), id))).toMatchObject({ status: 'open' });
  });
});

describe('vouchers as people see them', () => {
  it('are the holder’s, with what is left of them; the merchant sees what it has taken', async () => {
    await using world = await campaignsWorld();
    const id = await drawnWith(world, ['p1']);
    const holder = requestOf(payer('p1'));
    const { items } = await world.query(new MyVouchers(holder, page));
    expect(items).toMatchObject([{ item: { status: 'PENDING', faceValue: fen(2_000), campaignId: id } }]);
    const voucherId = items[0]!.item.id;
    await deliver(world, id, voucherId);
    expect(await world.query(new VoucherById(holder, voucherId))).toMatchObject({ status: 'ACTIVE' });
    for (const other of [payer('p2'), BURSAR, SPONSOR, STRANGER]) {
      expect(await world.query(new VoucherById(requestOf(other), voucherId))).toBeUndefined();
      expect((await world.query(new MyVouchers(requestOf(other), page))).items).toEqual([]);
    }
    const spend = { idempotencyKey: 'a', voucherId, organisationId: OTHER_SCHOOL, amount: fen(500) };
    const spent = accepted(await world.execute(new SpendVoucher(holder, spend)));
    accepted(
      await world.execute(new SpendVoucher(holder, { ...spend, idempotencyKey: 'b', spend: fen(900) })),
    );
    expect(await world.query(new VoucherById(holder, voucherId))).toMatchObject({
      balance: fen(1_000),
      spent: fen(1_000),
    });
    const taken = async (caller: Caller, organisationId = OTHER_SCHOOL) =>
      (await world.query(new VouchersTaken(requestOf(caller), organisationId, page))).items.map(
        ({ item }) => item,
      );
    const cashier = callerOf('clerk', 'clerk-2', OTHER_SCHOOL);
    const figures = (await taken(cashier)).map(
      ({ amount, spend: whole }) => `${amount.amount} of ${whole.amount}`,
    );
    expect(figures.sort()).toEqual(['500 of 500', '500 of 900']);
    expect((await taken(cashier))[0]).not.toHaveProperty('account');
    expect((await taken(AUDITOR)).map(({ id: spendId }) => spendId)).toContain(spent.spend.id);
    expect(await taken(BURSAR)).toEqual([]);
    expect(await taken(payer('p1'))).toEqual([]);
    expect(await taken({ ...AUDITOR, tenant: asId('another-bank') })).toEqual([]);
    world.pass(10 * DAY_MS);
    await world.tick();
    await world.sweep();
    expect(await world.query(new VoucherById(holder, voucherId))).toMatchObject({
      status: 'EXPIRED',
      balance: fen(0),
    });
    expect(await world.query(new CampaignById(holder, id))).toMatchObject({
      status: 'ended',
      endReason: 'completed',
    });
  });

  it('come out the same when the view is built again', async () => {
    await using world = await campaignsWorld();
    const id = await drawnWith(world, ['p1', 'p2', 'p3']);
    const all = async () => ({
      campaign: await world.query(new CampaignById(requestOf(BURSAR), id)),
      draw: await world.query(new DrawnSignUps(requestOf(BURSAR), id, page)),
      vouchers: await world.query(new MyVouchers(requestOf(payer('p1')), page)),
    });
    const before = await all();
    await world.consumers.rebuild('campaigns');
    expect(await all()).toEqual(before);
  });
});
