import { describe, expect, it } from '@jest/globals';
import { asId, type QuoteId } from '#libs/kernel/ids/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { auditPayments } from '#libs/testing/payment-audit.js';
import { accepted, payer } from '#libs/testing/payment-fixture.js';
import {
  callerOf,
  fen,
  NO_INSTITUTION,
  paymentNode,
  paymentWorld,
  recordedEvents,
  SCHOOL,
} from '#libs/testing/payment-world.js';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import type { PayBillsInput } from '../../contract/index.js';

/** A bill of ¥1,000 that was due on 30 September, five yuan of late fee a week ago, and a wallet. */
async function overdue() {
  const runtime = manualRuntime();
  const world = paymentWorld(NO_INSTITUTION, runtime);
  const node = paymentNode(world);
  await node.setTerms({
    partialAllowed: true,
    minimumPartial: fen(1),
    lateFee: { rate: '5/10000', graceDays: 0, order: 'lateFeeFirst' },
  });
  const billId = await node.issueBill('0001', 100_000);
  const walletId = await node.openWallet('payer-1', 500_000);
  // 10 October in the morning, Shanghai: ten days late at half a yuan a day.
  runtime.setNow(parseInstant('2026-10-10T02:00:00.000Z'));
  const quote = async (key = 'q-1') =>
    accepted(await node.quote(payer, { idempotencyKey: key, bills: [{ billId }], channel: 'wallet' }));
  const pay = (totalFen: number, quoteId?: QuoteId, key = 'key-1') => {
    const input: PayBillsInput = {
      idempotencyKey: key,
      bills: [{ billId }],
      expectedTotal: fen(totalFen),
      method: { channel: 'wallet', walletId },
      ...(quoteId !== undefined && { quoteId }),
    };
    return node.pay(payer, input);
  };
  return { runtime, world, node, billId, walletId, quote, pay };
}

describe('a quote', () => {
  it('names the whole price of the day, and stores a promise and no reservation', async () => {
    const { world, billId, quote } = await overdue();
    const given = await quote();
    expect(given).toMatchObject({
      channel: 'wallet',
      bills: [
        {
          billId,
          principal: fen(100_000),
          lateFee: fen(500),
          rebate: fen(0),
          due: fen(100_500),
          amount: fen(100_500),
        },
      ],
      charge: fen(0),
      total: fen(100_500),
      asOf: '2026-10-10',
      validUntil: '2026-10-10T02:15:00.000Z',
    });
    expect((await recordedEvents(world.log)).at(-1)?.type).toBe('QuoteGiven.v1');
  });

  it('is honoured to the fen also across midnight, and the late fee of the new day is waived', async () => {
    const { runtime, world, quote, pay } = await overdue();
    // 23:55 in Shanghai.
    runtime.setNow(parseInstant('2026-10-10T15:55:00.000Z'));
    const { id, total } = await quote();
    expect(total).toEqual(fen(100_500));
    runtime.setNow(parseInstant('2026-10-10T16:05:00.000Z'));
    expect(await pay(100_500, undefined, 'unquoted')).toMatchObject({
      accepted: false,
      rejection: { code: 'AMOUNT_MISMATCH', details: { actual: '1005.50' } },
    });
    const paid = accepted(await pay(100_500, id));
    expect(paid).toMatchObject({
      status: 'CAPTURED',
      total: fen(100_500),
      bills: [{ amount: fen(100_500), lateFee: fen(500) }],
    });
    expect(
      (await recordedEvents(world.log)).filter(({ type }) => type.startsWith('ReceiptIssued')),
    ).toHaveLength(1);
  });

  it('ends after a quarter of an hour; a payment that began in time is answered alike for good', async () => {
    const { runtime, quote, pay } = await overdue();
    const { id, validUntil } = await quote();
    runtime.setNow(validUntil);
    const paid = accepted(await pay(100_500, id));
    runtime.setNow(parseInstant('2026-10-10T02:15:00.001Z'));
    expect(accepted(await pay(100_500, id))).toEqual(paid);
    expect(await pay(100_500, id, 'key-2')).toMatchObject({
      accepted: false,
      rejection: { code: 'QUOTE_EXPIRED', path: ['input', 'quoteId'], details: { validUntil } },
    });
  });

  it('is stale once the bill has changed, and for other bills, amounts or channels', async () => {
    const { node, billId, walletId, quote, pay } = await overdue();
    const { id } = await quote();
    const part = { bills: [{ billId, amount: fen(10_000) }], expectedTotal: fen(10_000) };
    const method = { channel: 'wallet', walletId } as const;
    const stale = { accepted: false, rejection: { code: 'QUOTE_STALE' } };
    expect(await node.pay(payer, { idempotencyKey: 'p', ...part, method, quoteId: id })).toMatchObject(stale);
    const transfer = { idempotencyKey: 't', bills: [{ billId }], expectedTotal: fen(100_500) };
    expect(
      await node.pay(payer, { ...transfer, method: { channel: 'transfer' }, quoteId: id }),
    ).toMatchObject(stale);
    accepted(await node.pay(payer, { idempotencyKey: 'part', ...part, method }));
    expect(await pay(100_500, id)).toMatchObject(stale);
    expect(await pay(100_500, id)).toMatchObject(stale);
  });

  it('is its owner’s alone, and is given once per key', async () => {
    const { runtime, node, billId, walletId, quote, pay } = await overdue();
    const given = await quote();
    runtime.setNow(parseInstant('2026-10-12T02:00:00.000Z'));
    expect(await quote()).toEqual(given);
    const other = { idempotencyKey: 'q-1', bills: [{ billId, amount: fen(1) }], channel: 'wallet' } as const;
    expect(await node.quote(payer, other)).toMatchObject({
      accepted: false,
      rejection: { code: 'IDEMPOTENCY_CONFLICT' },
    });
    const input: PayBillsInput = {
      idempotencyKey: 'k',
      bills: [{ billId }],
      expectedTotal: fen(100_500),
      method: { channel: 'wallet', walletId },
      quoteId: given.id,
    };
    const notFound = { accepted: false, rejection: { code: 'QUOTE_NOT_FOUND' } };
    expect(await node.pay(callerOf('payer', 'payer-2'), input)).toMatchObject(notFound);
    expect(await pay(100_500, asId('00000000-0000-8000-8000-000000000000'))).toMatchObject(notFound);
    expect(await pay(100_500, asId('../x'))).toMatchObject(notFound);
  });

  it('includes the charge of a card terminal', async () => {
    const { world, node, billId } = await overdue();
    const clerk = callerOf('clerk', 'clerk-1', SCHOOL);
    const asked = { idempotencyKey: 'q', bills: [{ billId }], channel: 'pos' } as const;
    const quote = accepted(await node.quote(clerk, asked));
    expect(quote).toMatchObject({ charge: fen(603), total: fen(101_103) });
    const paid = accepted(
      await node.pay(clerk, {
        idempotencyKey: 'k',
        bills: [{ billId }],
        expectedTotal: quote.total,
        method: { channel: 'pos', terminalId: 'T0001', approvalCode: 'A12345' },
        quoteId: quote.id,
      }),
    );
    expect(paid).toMatchObject({ status: 'CAPTURED', charge: fen(603), total: fen(101_103) });
    const postings = (await recordedEvents(world.log)).flatMap(
      ({ data }) => (data['postings'] ?? []) as object[],
    );
    expect(postings).toContainEqual({
      source: 'clearing:pos',
      destination: 'bank:fees',
      amount: { asset: 'CNY/2', amount: '603' },
    });
  });

  it('is refused for what cannot be paid, and leaves no trace', async () => {
    const { world, node, billId } = await overdue();
    const before = (await recordedEvents(world.log)).length;
    const ask = (bills: { billId: typeof billId; amount?: ReturnType<typeof fen> }[], caller = payer) =>
      node.quote(caller, { idempotencyKey: 'x', bills, channel: 'wallet' });
    const refusals = [
      await ask([{ billId }], callerOf('clerk', 'c', SCHOOL)),
      await ask([{ billId }, { billId }]),
      await ask([{ billId: asId('nothing') }]),
      await ask([{ billId, amount: fen(100_501) }]),
    ];
    expect(refusals.map((outcome) => (outcome.accepted ? 'given' : outcome.rejection.code))).toEqual([
      'FORBIDDEN',
      'DUPLICATE_BILL',
      'BILL_NOT_FOUND',
      'AMOUNT_EXCEEDS_OUTSTANDING',
    ]);
    await expect(ask([{ billId, amount: fen(0) }])).rejects.toMatchObject({ code: 'INVALID_AMOUNT' });
    expect(await recordedEvents(world.log)).toHaveLength(before);
    expect(auditPayments(await recordedEvents(world.log))).toEqual([]);
  });
});
