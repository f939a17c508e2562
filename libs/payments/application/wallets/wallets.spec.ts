import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DecideApproval, ApprovalById } from '#libs/approvals/contract/index.js';
import { asId, type WalletId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { addDays, localDateOf } from '#libs/kernel/time/index.js';
import { RegisterOrganisation } from '#libs/onboarding/contract/index.js';
import { callerOf, requestOf, SCHOOL } from '#libs/testing/callers.js';
import { productWorld, type ProductWorld } from '#libs/testing/product-world.js';
import {
  CloseSubWallet,
  FreezeWallet,
  OpenWallet,
  PushedSubWallets,
  PushSubWallet,
  RelimitSubWallet,
  SetTierLimits,
  SubWalletsOf,
  TopUpWallet,
  UpgradeWallet,
  WalletPrecheck,
  WalletsOf,
  WalletTierLimits,
  type WalletTier,
} from '../../contract/index.js';

const fen = (amount: number) => money(CNY, BigInt(amount));
const payer = requestOf(callerOf('payer', 'payer-1'));
const stranger = requestOf(callerOf('payer', 'payer-2'));
const ops = requestOf(callerOf('ops', 'ops-1'));
const holder = { institutionId: 'demo-bank-1', name: '学生0001', phone: '10000000001' };
const identity = { identityName: '学生0001', identityNumber: '999999201001010017' };

let world: ProductWorld;

beforeEach(async () => {
  world = await productWorld();
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

async function opened(amountFen = 0): Promise<WalletId> {
  const opening = { idempotencyKey: 'k', label: 'main', holder };
  const outcome = await world.execute(new OpenWallet(payer, opening));
  if (!outcome.accepted) throw new Error(outcome.rejection.code);
  const walletId = outcome.value.id;
  if (amountFen > 0) {
    await world.execute(new TopUpWallet(payer, { idempotencyKey: 'k', walletId, amount: fen(amountFen) }));
  }
  return walletId;
}

function upgrade(walletId: WalletId, tier: WalletTier, evidence: object = {}) {
  const input = { idempotencyKey: `to-${tier}`, walletId, tier, ...identity, ...evidence };
  return world.execute(new UpgradeWallet(payer, input));
}

describe('opening and upgrading a wallet', () => {
  it('begins at tier IV, climbs with evidence, and stores what it knows of the person sealed', async () => {
    const walletId = await opened();
    expect(await world.query(new WalletsOf(payer))).toMatchObject([
      { id: walletId, tier: 'IV', institutionId: 'demo-bank-1', frozen: false },
    ]);
    expect(await upgrade(walletId, 'III')).toMatchObject({ value: { tier: 'III' } });
    expect(await upgrade(walletId, 'II')).toMatchObject({ rejection: { code: 'EVIDENCE_MISSING' } });
    const bankAccount = 'account-0001';
    expect(await upgrade(walletId, 'II', { bankAccount })).toMatchObject({ value: { tier: 'II' } });
    const counterReference = 'counter-0001';
    expect(await upgrade(walletId, 'I', { bankAccount, counterReference })).toMatchObject({
      value: { tier: 'I' },
    });
    expect(await upgrade(walletId, 'III')).toMatchObject({ value: { tier: 'I' } });
    const stored: string[] = [];
    for await (const page of world.log.readAll())
      stored.push(...page.map(({ data }) => JSON.stringify(data)));
    for (const personal of ['学生0001', '10000000001', '999999201001010017', bankAccount]) {
      expect(stored.filter((text) => text.includes(personal))).toEqual([]);
    }
  });

  it('refuses who cannot be confirmed, an institution that is not there, and other people’s wallets', async () => {
    const walletId = await opened();
    for (const identityNumber of ['110101201001010010', '999999201001010016', 'x']) {
      expect(await upgrade(walletId, 'III', { identityNumber })).toMatchObject({
        rejection: { code: 'IDENTITY_NOT_CONFIRMED' },
      });
    }
    const foreign = { idempotencyKey: 'k', walletId, tier: 'III' as const, ...identity };
    expect(await world.execute(new UpgradeWallet(stranger, foreign))).toMatchObject({
      rejection: { code: 'WALLET_NOT_FOUND' },
    });
    const nowhere = { idempotencyKey: 'k', label: 'x', holder: { ...holder, institutionId: 'x' } };
    expect(await world.execute(new OpenWallet(payer, nowhere))).toMatchObject({
      rejection: { code: 'INSTITUTION_NOT_FOUND' },
    });
    const wrong = { idempotencyKey: 'k', label: 'x', holder: { ...holder, phone: '１0000000001' } };
    await expect(world.execute(new OpenWallet(payer, wrong))).rejects.toMatchObject({
      code: 'INVALID_PHONE',
    });
  });

  it('freezes and thaws by operations alone', async () => {
    const walletId = await opened(10_000);
    const input = { idempotencyKey: 'k', walletId, reason: 'lost phone', frozen: true };
    expect(await world.execute(new FreezeWallet(payer, input))).toMatchObject({
      rejection: { code: 'FORBIDDEN' },
    });
    expect(await world.execute(new FreezeWallet(ops, input))).toMatchObject({ value: { frozen: true } });
    const check = new WalletPrecheck(payer, { walletId, amount: fen(1) });
    expect(await world.query(check)).toMatchObject({ allowed: false, refusal: { code: 'WALLET_FROZEN' } });
    await world.execute(new FreezeWallet(ops, { ...input, frozen: false }));
    expect(await world.query(check)).toEqual({ allowed: true });
  });
});

describe('limits of tiers', () => {
  const from = addDays(localDateOf(new Date().toISOString() as never), 40);
  const input = {
    idempotencyKey: 'k',
    limits: { tier: 'IV' as const, single: fen(300_000), day: fen(600_000) },
    from,
    reason: 'pilot',
  };

  it('change from a coming day on, once a second person of operations has approved', async () => {
    const proposed = await world.execute(new SetTierLimits(ops, input));
    if (!proposed.accepted) throw new Error(proposed.rejection.code);
    expect(await world.execute(new SetTierLimits(ops, input))).toEqual(proposed);
    const before = await world.query(new WalletTierLimits(payer, from));
    expect(before[0]).toMatchObject({ tier: 'IV', single: fen(200_000), balance: fen(1_000_000) });
    const checker = requestOf(callerOf('ops', 'ops-2'));
    const approvalId = asId<'approval'>(proposed.value.id);
    const approval = await world.query(new ApprovalById(checker, approvalId));
    const decision = { approvalId, payloadHash: approval!.payloadHash, grant: true, comment: '' };
    expect(await world.execute(new DecideApproval(ops, decision))).toMatchObject({ accepted: false });
    expect(await world.execute(new DecideApproval(checker, decision))).toMatchObject({ accepted: true });
    await world.consumers.caughtUp();
    expect((await world.query(new WalletTierLimits(payer, from)))[0]).toEqual({
      tier: 'IV',
      single: fen(300_000),
      day: fen(600_000),
    });
    expect((await world.query(new WalletTierLimits(payer, addDays(from, -1))))[0]).toEqual(before[0]);
  });

  it('are proposed by operations alone, and never for today', async () => {
    expect(await world.execute(new SetTierLimits(payer, input))).toMatchObject({
      rejection: { code: 'FORBIDDEN' },
    });
    const today = { ...input, from: addDays(from, -40) };
    expect(await world.execute(new SetTierLimits(ops, today))).toMatchObject({
      rejection: { code: 'LIMITS_FOR_THE_PAST' },
    });
  });
});

describe('the precheck', () => {
  it('says what a payment would be refused with, and is nobody else’s', async () => {
    const walletId = await opened(900_000);
    const ask = (amount: number, request = payer) =>
      world.query(new WalletPrecheck(request, { walletId, amount: fen(amount) }));
    expect(await ask(200_000)).toEqual({ allowed: true });
    expect(await ask(300_000)).toMatchObject({
      allowed: false,
      refusal: {
        code: 'LIMIT_EXCEEDED',
        details: { name: 'single', limit: '2000.00', suggestion: 'SPLIT', amounts: '2000.00,1000.00' },
      },
    });
    expect(await ask(900_001)).toMatchObject({ refusal: { code: 'INSUFFICIENT_FUNDS' } });
    expect(await ask(1, stranger)).toBeUndefined();
  });
});

describe('sub-wallets', () => {
  it('are pushed, re-limited and closed by the owner; the organisation sees a token and nothing of the person', async () => {
    const school = { organisationId: SCHOOL, nameZh: '示范小学', nameEn: 'School', kind: 'school' as const };
    await world.execute(new RegisterOrganisation(requestOf(callerOf('bd', 'bd-1')), school));
    await world.consumers.caughtUp();
    const walletId = await opened();
    const push = {
      idempotencyKey: 'k',
      walletId,
      organisationId: SCHOOL,
      scene: 'canteen',
      single: fen(3_000),
      day: fen(6_000),
    };
    const pushed = await world.execute(new PushSubWallet(payer, push));
    if (!pushed.accepted) throw new Error(pushed.rejection.code);
    const { id: subWalletId, token } = pushed.value;
    expect(token).toMatch(/^[0-9A-HJKMNP-TV-Z]{24}$/);
    expect(await world.execute(new PushSubWallet(payer, push))).toEqual(pushed);
    expect(await world.execute(new PushSubWallet(payer, { ...push, day: fen(7_000) }))).toMatchObject({
      rejection: { code: 'IDEMPOTENCY_CONFLICT' },
    });
    expect(
      await world.execute(new PushSubWallet(payer, { ...push, organisationId: asId('nowhere') })),
    ).toMatchObject({
      rejection: { code: 'ORGANISATION_NOT_FOUND' },
    });
    expect(await world.execute(new PushSubWallet(stranger, push))).toMatchObject({
      rejection: { code: 'WALLET_NOT_FOUND' },
    });
    const limits = { idempotencyKey: 'k', walletId, subWalletId, single: fen(5_000), day: fen(5_000) };
    expect(await world.execute(new RelimitSubWallet(payer, limits))).toMatchObject({
      value: { single: fen(5_000) },
    });
    const staff = requestOf(callerOf('bursar', 'bursar-1', SCHOOL));
    const seen = await world.query(new PushedSubWallets(staff, SCHOOL, { first: 10 }));
    expect(seen.items.map(({ item }) => item)).toEqual([
      {
        token,
        organisationId: SCHOOL,
        scene: 'canteen',
        single: fen(5_000),
        day: fen(5_000),
        open: true,
        pushedAt: expect.any(String),
      },
    ]);
    const elsewhere = requestOf(callerOf('bursar', 'bursar-2', asId('school-2')));
    for (const who of [elsewhere, payer]) {
      expect((await world.query(new PushedSubWallets(who, SCHOOL, { first: 10 }))).items).toEqual([]);
    }
    await world.execute(new CloseSubWallet(payer, { idempotencyKey: 'k', walletId, subWalletId }));
    expect(await world.execute(new RelimitSubWallet(payer, limits))).toMatchObject({
      rejection: { code: 'SUB_WALLET_CLOSED' },
    });
    expect(await world.query(new SubWalletsOf(payer, walletId))).toMatchObject([
      { id: subWalletId, open: false },
    ]);
    expect(await world.query(new SubWalletsOf(stranger, walletId))).toEqual([]);
    expect(
      await world.query(new WalletPrecheck(payer, { walletId, amount: fen(1), subWalletId })),
    ).toMatchObject({
      refusal: { code: 'SUB_WALLET_CLOSED' },
    });
  });
});
