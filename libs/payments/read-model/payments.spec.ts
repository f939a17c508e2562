import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { asId, type BillId, type FeeItemId, type WalletId } from '#libs/kernel/ids/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { TrialBalance } from '#libs/ledger/contract/index.js';
import { erasePersonalData } from '#libs/security/privacy/index.js';
import { auditPayments } from '#libs/testing/payment-audit.js';
import {
  callerOf,
  fen,
  OTHER_SCHOOL,
  recordedEvents,
  requestOf,
  SCHOOL,
  TENANT,
} from '#libs/testing/payment-world.js';
import { productWorld, type ProductWorld } from '#libs/testing/product-world.js';
import {
  billContent,
  bursar,
  clerk,
  defineFeeItem,
  issueBill,
  ops,
  payer,
} from '#libs/testing/school-fixture.js';
import {
  OpenPayments,
  OpenWallet,
  PayBills,
  PaymentById,
  PaymentsForBill,
  ReceiptById,
  TopUpWallet,
  WalletsOf,
  type PaymentView,
} from '../contract/index.js';

const auditor = requestOf(callerOf('auditor', 'auditor-1'));
const stranger = requestOf({ ...callerOf('ops', 'ops-2'), tenant: asId<'tenant'>('other-tenant') });

describe('payments of two schools', () => {
  let world: ProductWorld;
  let walletId: WalletId;
  let tuition: FeeItemId;
  let elsewhere: FeeItemId;
  let both: PaymentView;
  let cash: PaymentView;
  const bills: BillId[] = [];

  beforeAll(async () => {
    world = await productWorld();
    tuition = await defineFeeItem(world, 'TUITION');
    elsewhere = await defineFeeItem(world, 'TUITION', OTHER_SCHOOL);
    bills.push(await issueBill(world, billContent(tuition, '0001')));
    bills.push(await issueBill(world, billContent(elsewhere, '0002'), OTHER_SCHOOL));
    bills.push(await issueBill(world, billContent(tuition, '0003')));
    walletId = await openWallet('payer-1', 5_000);
    both = await paid(payer(), {
      idempotencyKey: 'both',
      bills: [{ billId: bills[0]! }, { billId: bills[1]!, amount: fen(400) }],
      expectedTotal: fen(1_400),
      method: { channel: 'wallet', walletId },
    });
    cash = await paid(clerk(SCHOOL), {
      idempotencyKey: 'cash',
      bills: [{ billId: bills[2]! }],
      expectedTotal: fen(1_000),
      method: { channel: 'cash', tendered: fen(1_500) },
    });
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  async function openWallet(account: string, amount: number): Promise<WalletId> {
    const opened = await world.execute(
      new OpenWallet(payer(account), { idempotencyKey: 'open', label: 'main' }),
    );
    if (!opened.accepted) throw new Error(opened.rejection.code);
    const input = { idempotencyKey: 'fill', walletId: opened.value.id, amount: fen(amount) };
    await world.execute(new TopUpWallet(payer(account), input));
    return opened.value.id;
  }

  async function paid(...args: ConstructorParameters<typeof PayBills>): Promise<PaymentView> {
    const outcome = await world.execute(new PayBills(...args));
    if (!outcome.accepted) throw new Error(outcome.rejection.code);
    return outcome.value;
  }

  it('read as they were answered', async () => {
    expect(await world.query(new PaymentById(payer(), both.id))).toEqual(both);
    expect(await world.query(new PaymentById(clerk(SCHOOL), cash.id))).toEqual(cash);
    expect(await world.query(new ReceiptById(payer(), both.receipts[1]!.id))).toEqual(both.receipts[1]);
    expect(await world.query(new PaymentsForBill(bursar(), bills[2]!))).toEqual([cash]);
  });

  it('are seen by who paid, who took the money, the schools that were paid, and auditors', async () => {
    const seenBy = async (request: ReturnType<typeof payer>): Promise<string> => {
      const views = [
        await world.query(new PaymentById(request, both.id)),
        await world.query(new ReceiptById(request, both.receipts[0]!.id)),
        (await world.query(new PaymentsForBill(request, bills[0]!)))[0],
        await world.query(new PaymentById(request, cash.id)),
      ];
      return views.map((view) => (view ? 'x' : '-')).join('');
    };
    expect({
      payer: await seenBy(payer()),
      otherPayer: await seenBy(payer('payer-2')),
      bursar: await seenBy(bursar()),
      otherBursar: await seenBy(bursar(OTHER_SCHOOL)),
      thirdBursar: await seenBy(bursar(asId('school-3'))),
      auditor: await seenBy(auditor),
      auditorOfSchool: await seenBy(requestOf(callerOf('auditor', 'a', asId('school-3')))),
      stranger: await seenBy(stranger),
    }).toEqual({
      payer: 'xxx-',
      otherPayer: '----',
      bursar: 'xxxx',
      // The receipt and the bill are the first school's.
      otherBursar: 'x---',
      thirdBursar: '----',
      auditor: 'xxxx',
      auditorOfSchool: '----',
      stranger: '----',
    });
  });

  it('show an organisation its own part, and nothing of what another one was paid', async () => {
    const own = (id: string) => both.receipts.find(({ organisationId }) => organisationId === id)!;
    for (const [school, other, ownBill, otherBill] of [
      [SCHOOL, OTHER_SCHOOL, bills[0]!, bills[1]!],
      [OTHER_SCHOOL, SCHOOL, bills[1]!, bills[0]!],
    ] as const) {
      const part = {
        ...both,
        bills: both.bills.filter(({ organisationId }) => organisationId === school),
        receipts: [own(school)],
      };
      const staff = bursar(school);
      expect(await world.query(new PaymentById(staff, both.id))).toEqual(part);
      expect(await world.query(new PaymentsForBill(staff, ownBill))).toEqual([part]);
      expect(await world.query(new PaymentsForBill(staff, otherBill))).toEqual([]);
      expect(await world.query(new ReceiptById(staff, own(school).id))).toEqual(own(school));
      expect(await world.query(new ReceiptById(staff, own(other).id))).toBeUndefined();
    }
  });

  it('leave wallets, ledger and exceptions in order', async () => {
    expect(await world.query(new WalletsOf(payer()))).toEqual([
      {
        id: walletId,
        owner: 'payer-1',
        balance: fen(3_600),
        held: fen(0),
        available: fen(3_600),
        label: 'main',
        tier: 'II',
        frozen: false,
      },
    ]);
    expect(await world.query(new WalletsOf(payer('payer-2')))).toEqual([]);
    const { accounts, sum } = await world.query(new TrialBalance(auditor));
    expect(accounts.filter(({ account }) => !account.startsWith('cash:'))).toEqual([
      { account: 'org:school-1:payable', balance: fen(2_000) },
      { account: 'org:school-2:payable', balance: fen(400) },
      { account: `wallet:${walletId}`, balance: fen(3_600) },
      { account: 'world:cash', balance: fen(-1_000) },
      { account: 'world:topup', balance: fen(-5_000) },
    ]);
    expect(accounts.find(({ account }) => account.startsWith('cash:'))?.balance).toEqual(fen(0));
    expect(sum).toEqual(fen(0));
    for (const request of [bursar(), payer(), stranger]) {
      expect((await world.query(new TrialBalance(request))).accounts).toEqual([]);
    }
    expect(await world.query(new OpenPayments(ops))).toEqual([]);
  });

  it('keep a failed payment with its reason', async () => {
    const input = {
      idempotencyKey: 'broke',
      bills: [{ billId: bills[1]! }],
      expectedTotal: fen(600),
      method: { channel: 'wallet' as const, walletId: await openWallet('payer-3', 100) },
    };
    const outcome = await world.execute(new PayBills(payer('payer-3'), input));
    if (outcome.accepted) throw new Error('Paid without money.');
    const events = await recordedEvents(world.log);
    const failed = events.findLast(({ type }) => type === 'PaymentFailed.v1')!;
    const id = asId<'payment'>(failed.data['paymentId'] as string);
    expect(await world.query(new PaymentById(payer('payer-3'), id))).toMatchObject({
      status: 'FAILED',
      failure: { code: outcome.rejection.code, message: outcome.rejection.message },
      bills: [],
      receipts: [],
    });
    expect(await world.query(new OpenPayments(ops))).toEqual([]);
  });

  it('lose the name on receipts when the person is erased', async () => {
    await erasePersonalData({ keys: world.subjectKeys, store: world.store }, asId('subject-0003'), {
      commandId: randomUUID(),
      correlationId: 'c',
      actor: 'bursar-1',
      tenant: TENANT,
      at: parseInstant('2026-09-01T00:00:00.000Z'),
    });
    const [line] = (await world.query(new ReceiptById(clerk(SCHOOL), cash.receipts[0]!.id)))!.lines;
    expect(line).toEqual({ ...cash.receipts[0]!.lines[0], payerName: null });
    expect(auditPayments(await recordedEvents(world.log))).toEqual([]);
  });

  it('come out the same when the views are built anew', async () => {
    const look = async () => ({
      both: await world.query(new PaymentById(payer(), both.id)),
      wallets: await world.query(new WalletsOf(payer())),
      ledger: await world.query(new TrialBalance(auditor)),
      open: await world.query(new OpenPayments(ops)),
    });
    const before = await look();
    await world.consumers.rebuild('payments');
    await world.consumers.rebuild('ledger');
    expect(await look()).toEqual(before);
  });
});

describe('wallets', () => {
  it('open and fill once per key, for payers, with demo money alone', async () => {
    await using world = await productWorld();
    const open = (request = payer(), label = 'main') =>
      world.execute(new OpenWallet(request, { idempotencyKey: 'k', label }));
    const opened = await open();
    if (!opened.accepted) throw new Error(opened.rejection.code);
    expect(opened.value).toMatchObject({ owner: 'payer-1', balance: fen(0) });
    expect(await open()).toEqual(opened);
    expect(await open(bursar())).toMatchObject({ rejection: { code: 'FORBIDDEN' } });
    await expect(open(payer(), ' ')).rejects.toMatchObject({ code: 'INVALID_LABEL' });
    const walletId = opened.value.id;
    const fill = (change: object = {}, request = payer()) =>
      world.execute(new TopUpWallet(request, { idempotencyKey: 'f', walletId, amount: fen(500), ...change }));
    const filled = await fill();
    expect(filled).toMatchObject({ accepted: true, value: { balance: fen(500), available: fen(500) } });
    expect(await fill()).toEqual(filled);
    const codes = [
      await fill({ amount: fen(501) }),
      await fill({ idempotencyKey: 'g', amount: fen(0) }),
      await fill({ idempotencyKey: 'h', amount: fen(100_000_001n) }),
      await fill({ walletId: asId('nonsense') }),
      await fill({}, payer('payer-2')),
      await fill({}, clerk()),
    ].map((outcome) => (outcome.accepted ? 'accepted' : outcome.rejection.code));
    expect(codes).toEqual([
      'IDEMPOTENCY_CONFLICT',
      'INVALID_AMOUNT',
      'LIMIT_EXCEEDED',
      'WALLET_NOT_FOUND',
      'WALLET_NOT_FOUND',
      'FORBIDDEN',
    ]);
    await using production = await productWorld({ demoMoney: false });
    const input = { idempotencyKey: 'f', walletId, amount: fen(500) };
    expect(await production.execute(new TopUpWallet(payer(), input))).toMatchObject({
      rejection: { code: 'FORBIDDEN' },
    });
  });
});
