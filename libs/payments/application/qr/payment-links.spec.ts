import { beforeEach, describe, expect, it } from '@jest/globals';
import type { BillId } from '#libs/kernel/ids/index.js';
import { addMs, type Instant } from '#libs/kernel/time/index.js';
import { callerOf, OTHER_SCHOOL, recordedEvents, SCHOOL } from '#libs/testing/callers.js';
import { byWallet } from '#libs/testing/payment-fixture.js';
import { fen, paymentWorld, type PaymentWorld } from '#libs/testing/payment-world.js';
import { bursar, clerk, inTenant, OTHER_TENANT, qrNode, type QrNode } from '#libs/testing/qr-world.js';
import { manualRuntime, type ManualRuntime } from '#libs/testing/runtime/index.js';
import type { CreatePaymentLink, PaymentLinkView } from '../../contract/index.js';

const payer = callerOf('payer', 'payer-1');
let runtime: ManualRuntime;
let world: PaymentWorld;
let node: QrNode;
let bills: readonly [BillId, BillId];
let expiresAt: Instant;

beforeEach(async () => {
  runtime = manualRuntime();
  world = paymentWorld(undefined, runtime);
  node = qrNode(world);
  bills = [await node.issueBill('2026000001', 1_000), await node.issueBill('0002', 2_000)];
  expiresAt = addMs(runtime.clock.now(), 7 * 86_400_000);
});

const asks = (input: Partial<CreatePaymentLink['input']> = {}): CreatePaymentLink['input'] => ({
  idempotencyKey: 'key-1',
  organisationId: SCHOOL,
  bills,
  expiresAt,
  ...input,
});

async function created(): Promise<PaymentLinkView> {
  const outcome = await node.createLink(bursar, asks());
  if (!outcome.accepted) throw new Error(outcome.rejection.code);
  return outcome.value;
}

describe('a payment link', () => {
  it('is one for a key, with a code that the log does not hold', async () => {
    const link = await created();
    expect(link).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      organisationId: SCHOOL,
      status: 'OPEN',
      code: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{25}$/),
      bills,
      issuedAt: '2026-09-01T00:00:00.000Z',
      expiresAt,
    });
    expect(await created()).toEqual(link);
    expect(JSON.stringify(await recordedEvents(world.log))).not.toContain(link.code);
    expect(await node.createLink(bursar, asks({ bills: [bills[0]] }))).toMatchObject({
      rejection: { code: 'IDEMPOTENCY_CONFLICT' },
    });
  });

  it('shows whoever has it what is due now, and of the payer only what tells them apart', async () => {
    const { code } = await created();
    const billNumber = expect.stringMatching(/^2026(-[0-9A-Z]{4}){3}$/);
    expect(await node.link(code)).toEqual({
      organisationNameZh: '示范高级中学',
      organisationNameEn: 'Demo High School',
      status: 'OPEN',
      expiresAt,
      total: fen(3_000),
      bills: [
        {
          billId: bills[0],
          billNumber,
          description: '学费 2026-2027 1',
          payerName: '学***********',
          payerNumber: '******0001',
          due: fen(1_000),
        },
        {
          billId: bills[1],
          billNumber,
          description: '学费 2026-2027 1',
          payerName: '学*****',
          payerNumber: '**02',
          due: fen(2_000),
        },
      ],
    });
  });

  it('is used up when all its bills are paid, however that came about', async () => {
    const { code } = await created();
    const walletId = await node.openWallet('payer-1', 5_000);
    await node.pay(payer, byWallet(walletId, [bills[0]], 1_000, 'one'));
    expect(await node.link(code)).toMatchObject({
      status: 'OPEN',
      total: fen(2_000),
      bills: [{ billId: bills[1] }],
    });
    await node.pay(payer, byWallet(walletId, [bills[1]], 2_000, 'two'));
    expect(await node.link(code)).toMatchObject({ status: 'USED_UP', total: fen(0), bills: [] });
    expect((await created()).status).toBe('USED_UP');
  });

  it('shows nothing once it has ended or was withdrawn', async () => {
    const { code, id } = await created();
    await runtime.advance(7 * 86_400_000);
    expect(await node.link(code)).toMatchObject({ status: 'EXPIRED', total: fen(0), bills: [] });
    expect(await node.withdrawLink(bursar, id)).toMatchObject({ value: { id, status: 'WITHDRAWN' } });
    expect(await node.link(code)).toMatchObject({ status: 'WITHDRAWN', total: fen(0), bills: [] });
  });

  it.each(['', 'x', '0'.repeat(25), '0'.repeat(24), 'I'.repeat(25), '0'.repeat(4_096), '../../etc'])(
    'is not found by %j',
    async (code) => {
      await created();
      expect(await node.link(code)).toBeUndefined();
    },
  );

  it('is a bursar’s, of the organisation that is owed', async () => {
    const { id } = await created();
    const stranger = callerOf('bursar', 'bursar-2', OTHER_SCHOOL);
    for (const caller of [payer, clerk, stranger]) {
      expect(await node.createLink(caller, asks())).toMatchObject({ rejection: { code: 'FORBIDDEN' } });
    }
    expect(await node.withdrawLink(clerk, id)).toMatchObject({ rejection: { code: 'FORBIDDEN' } });
    for (const caller of [stranger, inTenant(bursar, OTHER_TENANT)]) {
      expect(await node.withdrawLink(caller, id)).toMatchObject({
        rejection: { code: 'PAYMENT_LINK_NOT_FOUND' },
      });
    }
    const elsewhere = await node.issueBill('0003', 500, OTHER_SCHOOL);
    expect(await node.createLink(bursar, asks({ idempotencyKey: 'k', bills: [elsewhere] }))).toMatchObject({
      rejection: { code: 'BILL_NOT_FOUND' },
    });
    for (const late of [runtime.clock.now(), addMs(runtime.clock.now(), 367 * 86_400_000)]) {
      await expect(
        node.createLink(bursar, asks({ idempotencyKey: 'k', expiresAt: late })),
      ).rejects.toMatchObject({
        code: 'INVALID_EXPIRY',
      });
    }
  });
});
