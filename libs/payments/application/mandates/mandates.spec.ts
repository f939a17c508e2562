import { describe, expect, it } from '@jest/globals';
import { BillById } from '#libs/billing/contract/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { collect, paymentsIn, standing, SUB_WALLET, viewOf } from '#libs/testing/mandate-fixture.js';
import { auditPayments } from '#libs/testing/payment-audit.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import { callerOf, fen, OTHER_SCHOOL, recordedEvents, requestOf } from '#libs/testing/payment-world.js';
import { bursar, ops, payer } from '#libs/testing/school-fixture.js';
import {
  CloseSubWallet,
  PaymentById,
  PaymentsForBill,
  ReceiptById,
  TopUpWallet,
} from '../../contract/index.js';
import { GiveMandate, MandateById, MandatesOf, RevokeMandate } from '../../contract/mandates.js';
import { RefundById, RequestRefund } from '../../contract/refunds.js';

describe('a mandate', () => {
  it('pays all open bills on its day and not before, and the wallet’s owner sees what it paid', async () => {
    const at = await standing();
    await using world = at.world;
    expect(at.mandate).toMatchObject({ status: 'ACTIVE', nextRunOn: '2026-11-15', runs: [] });
    await at.dawn('2026-11-14');
    await world.collector.sweep(0);
    expect(await paymentsIn(at)).toBe(0);
    await at.dawn('2026-11-15');
    await world.collector.sweep(0);
    const after = await viewOf(at);
    expect(after).toMatchObject({ status: 'ACTIVE', nextRunOn: '2026-12-15' });
    expect(after.runs).toEqual([
      {
        due: '2026-11-15',
        attempt: 0,
        ranAt: parseInstant('2026-11-15T00:30:00Z'),
        results: at.bills.map((billId) => ({ billId, paymentId: expect.any(String) })),
      },
    ]);
    const paymentId = after.runs[0]!.results[0]!.paymentId!;
    const payment = await world.query(new PaymentById(payer(), paymentId));
    expect(payment).toMatchObject({ status: 'CAPTURED', channel: 'wallet', total: fen(3_000) });
    const mine = await world.query(new PaymentsForBill(payer(), at.bills[0]!));
    expect(mine.map(({ id }) => id)).toEqual([paymentId]);
    expect(await world.query(new ReceiptById(payer(), payment!.receipts[0]!.id))).toBeDefined();
    expect(await world.query(new PaymentById(payer('payer-2'), paymentId))).toBeUndefined();
    // A refund of it is the owner's to see as well.
    const input = { idempotencyKey: 'r', paymentId, reason: '重复缴费' };
    const refund = accepted(await world.execute(new RequestRefund(bursar(), input)));
    expect(refund.status).toBe('RETURNED');
    expect(await world.query(new RefundById(payer(), refund.id))).toMatchObject({ status: 'RETURNED' });
    expect(await world.query(new RefundById(payer('payer-2'), refund.id))).toBeUndefined();
    expect(await world.query(new PaymentById(payer(), paymentId))).toMatchObject({ refunded: fen(3_000) });
    expect(auditPayments(await recordedEvents(world.log))).toEqual([]);
  });

  it('tries again after 1, 3 and 7 days, then asks for attention and goes on next month', async () => {
    const at = await standing({ balance: 0, bills: [3_000] });
    await using world = at.world;
    for (const [day, next] of [
      ['2026-11-15', '2026-11-16'],
      ['2026-11-16', '2026-11-18'],
      ['2026-11-18', '2026-11-22'],
    ] as const) {
      await at.dawn(day);
      await collect(at);
      expect(await viewOf(at)).toMatchObject({ status: 'ACTIVE', nextRunOn: next });
    }
    await at.dawn('2026-11-22');
    await collect(at);
    expect(await viewOf(at)).toMatchObject({ status: 'ATTENTION', nextRunOn: '2026-12-15' });
    accepted(
      await world.execute(
        new TopUpWallet(payer(), { idempotencyKey: 't2', walletId: at.walletId, amount: fen(3_000) }),
      ),
    );
    await at.dawn('2026-12-15');
    await collect(at);
    const after = await viewOf(at);
    expect(after.status).toBe('ACTIVE');
    expect(after.runs.map(({ attempt, results }) => [attempt, results[0]!.code])).toEqual([
      [0, undefined],
      [3, 'INSUFFICIENT_FUNDS'],
      [2, 'INSUFFICIENT_FUNDS'],
      [1, 'INSUFFICIENT_FUNDS'],
      [0, 'INSUFFICIENT_FUNDS'],
    ]);
    expect(await paymentsIn(at)).toBe(1);
  });

  it('pays the oldest bill where the limit does not reach for all, and the next one on another day', async () => {
    const at = await standing({ dayLimit: 3_000 });
    await using world = at.world;
    await at.dawn('2026-11-15');
    await collect(at);
    const [run] = (await viewOf(at)).runs;
    expect(run!.results).toEqual([
      { billId: at.bills[0], paymentId: expect.any(String) },
      { billId: at.bills[1], code: 'LIMIT_EXCEEDED' },
    ]);
    await at.dawn('2026-11-16');
    await collect(at);
    expect((await viewOf(at)).nextRunOn).toBe('2026-12-15');
    for (const billId of at.bills) {
      expect(await world.query(new BillById(bursar(), billId))).toMatchObject({ status: 'PAID' });
    }
  });

  it('ends when its sub-wallet was closed', async () => {
    const at = await standing();
    await using world = at.world;
    const close = { idempotencyKey: 'c', subWalletId: SUB_WALLET, walletId: at.walletId };
    accepted<unknown>(await world.execute(new CloseSubWallet(payer(), close)));
    await at.dawn('2026-11-15');
    await collect(at);
    expect(await viewOf(at)).toMatchObject({ status: 'REVOKED' });
    expect(await paymentsIn(at)).toBe(0);
  });

  it('pays nothing once it was revoked, by its payer alone, nor after its last day', async () => {
    const at = await standing({ until: '2026-11-30' });
    await using world = at.world;
    const revoke = { idempotencyKey: 'x', mandateId: at.mandate.id };
    const notFound = { accepted: false, rejection: { code: 'MANDATE_NOT_FOUND' } };
    expect(await world.execute(new RevokeMandate(payer('payer-2'), revoke))).toMatchObject(notFound);
    expect(await world.execute(new RevokeMandate(bursar(), revoke))).toMatchObject({
      rejection: { code: 'FORBIDDEN' },
    });
    // The machine stood still over the last day.
    await at.dawn('2026-12-01');
    await collect(at);
    expect(await viewOf(at)).toMatchObject({ status: 'ENDED' });
    expect(await paymentsIn(at)).toBe(0);
    const other = await standing();
    await using second = other.world;
    accepted<unknown>(
      await second.execute(new RevokeMandate(payer(), { ...revoke, mandateId: other.mandate.id })),
    );
    await other.dawn('2026-11-15');
    await collect(other);
    expect(await paymentsIn(other)).toBe(0);
  });

  it('is shown to its payer and to the organisation it pays, to nobody else', async () => {
    const at = await standing();
    await using world = at.world;
    const seenBy = async (context: Parameters<typeof requestOf>[0]) => [
      (await world.query(new MandatesOf(requestOf(context), { first: 10 }))).items.length,
      (await world.query(new MandateById(requestOf(context), at.mandate.id))) !== undefined,
    ];
    expect(await seenBy(payer().caller)).toEqual([1, true]);
    expect(await seenBy(bursar().caller)).toEqual([1, true]);
    expect(await seenBy(bursar(OTHER_SCHOOL).caller)).toEqual([0, false]);
    expect(await seenBy(callerOf('payer', 'payer-2'))).toEqual([0, false]);
    expect(await seenBy({ ...payer().caller, tenant: asId('other') })).toEqual([0, false]);
    expect(await seenBy(ops.caller)).toEqual([0, false]);
  });

  it('is given by the owner of a wallet with an open sub-wallet who knows number and name; once per key', async () => {
    const at = await standing();
    await using world = at.world;
    const give = {
      idempotencyKey: 'm2',
      walletId: at.walletId,
      subWalletId: SUB_WALLET,
      payerNumber: '0001',
      payerName: '学生0001',
      dayOfMonth: 15,
    };
    const codeOf = async (change: Partial<typeof give>, context = payer()) => {
      const given = await world.execute(new GiveMandate(context, { ...give, ...change }));
      return given.accepted ? given.value.id === at.mandate.id : given.rejection.code;
    };
    expect(await codeOf({ idempotencyKey: 'm' })).toBe(true);
    expect(await codeOf({ idempotencyKey: 'm', dayOfMonth: 16 })).toBe('IDEMPOTENCY_CONFLICT');
    expect(await codeOf({ payerName: '学生0002' })).toBe('PAYER_NOT_FOUND');
    expect(await codeOf({ subWalletId: asId(crypto.randomUUID()) })).toBe('SUB_WALLET_NOT_FOUND');
    expect(await codeOf({}, payer('payer-2'))).toBe('WALLET_NOT_FOUND');
    expect(await codeOf({}, bursar())).toBe('FORBIDDEN');
    await expect(codeOf({ dayOfMonth: 29 })).rejects.toThrow('A day of the month');
  });
});
