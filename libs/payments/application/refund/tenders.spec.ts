import { describe, expect, it } from '@jest/globals';
import {
  billStateOf,
  callerOf,
  fen,
  recordedEvents,
  requestOf,
  SCHOOL,
} from '#libs/testing/payment-world.js';
import { asId, type RefundId } from '#libs/kernel/ids/index.js';
import { parseLocalDate } from '#libs/kernel/time/index.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import { OPERATOR, outsideWorld, PAYER, type OutsideWorld } from '#libs/testing/outside-world.js';
import { auditRefunds } from '#libs/testing/refund-audit.js';
import {
  finishRefunds,
  paid,
  payFor,
  refundNode,
  refundWorld,
  type RefundNode,
  movesOf,
} from '#libs/testing/refund-world.js';
import { advanceAggregate, walletAggregate } from '../../codec/index.js';
import type { PaymentMethod } from '../../contract/index.js';

const CASH: PaymentMethod = { channel: 'cash', tendered: fen(100_000) };
const POS: PaymentMethod = { channel: 'pos', terminalId: 'T0000001', approvalCode: '123456' };
const CHEQUE: PaymentMethod = {
  channel: 'cheque',
  chequeNumber: '10000001',
  bank: '示例银行',
  chequeDate: parseLocalDate('2026-09-01'),
};

async function faultsOf(at: OutsideWorld): Promise<readonly string[]> {
  return auditRefunds(await recordedEvents(at.world.log));
}

/** What a refund has moved, in the order of the log. */
/** The first event of the type; work goes on after the bank's notice was answered. */
async function untilEvent(at: OutsideWorld, wanted: string) {
  for (let turn = 0; turn < 400; turn += 1) {
    const found = (await recordedEvents(at.world.log)).find(({ type }) => type === wanted);
    if (found) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`There is no ${wanted}.`);
}

/** As the finisher does it, time and again: a busy machine may miss the short deadline more than once. */
async function untilReturned(at: OutsideWorld, node: RefundNode, refundId: RefundId): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    await finishRefunds(at, node);
    if ((await node.refundOf(refundId)).status === 'returned') return;
  }
  throw new Error(`Refund ${refundId} does not come to its end.`);
}

describe('money goes back the way it came', () => {
  it('to the wallet, which can spend it again; the same key again is the same refund', async () => {
    await using at = await refundWorld();
    const node = refundNode(at);
    const walletId = await node.payments.openWallet('payer-1', 10_000);
    const { paymentId, bills } = await paid(node, { channel: 'wallet', walletId }, [6_000, 4_000]);
    const lines = [{ billId: bills[0]!, amount: fen(2_500) }];
    const refund = accepted(await node.request({ paymentId, lines }));
    expect(refund).toMatchObject({
      kind: 'REFUND',
      status: 'RETURNED',
      amount: fen(2_500),
      channel: 'wallet',
      lines,
      maker: 'bursar-1',
      approvalNeeded: false,
      cameBack: false,
    });
    expect(accepted(await node.request({ paymentId, lines }))).toEqual(refund);
    expect(await node.request({ paymentId })).toMatchObject({
      accepted: false,
      rejection: { code: 'IDEMPOTENCY_CONFLICT', path: ['input', 'idempotencyKey'] },
    });
    const { state } = await node.payments.store.load(walletAggregate, walletId);
    expect(state).toMatchObject({ available: 2_500n });
    expect(await movesOf(at)).toEqual([
      'org:school-1:payable > clearing:refund',
      `clearing:refund > wallet:${walletId}`,
    ]);
    expect(await billStateOf(node.payments, bills[0]!)).toMatchObject({ refunded: 2_500n, outstanding: 0n });
    // The rest goes back in another refund, and then nothing is left.
    const rest = accepted(await node.request({ paymentId, key: 'refund-2' }));
    expect(rest.amount).toEqual(fen(7_500));
    const nothing = { accepted: false, rejection: { code: 'REFUND_EXCEEDS_PAYMENT' } };
    expect(await node.request({ paymentId, key: 'refund-3' })).toMatchObject(nothing);
    expect(await node.request({ paymentId, key: 'refund-4', lines })).toMatchObject(nothing);
    expect(await faultsOf(at)).toEqual([]);
  });

  it('cash is called off while nobody has fetched it, and the money is the organisation’s again', async () => {
    await using at = await refundWorld();
    const node = refundNode(at);
    const bills = [await node.payments.issueBill('0001', 8_000)];
    const paid = { bills, total: 8_000, method: CASH, key: 'key-1' };
    const { paymentId } = await payFor(at, node.payments, paid);
    const asked = accepted(await node.request({ paymentId }));
    expect(accepted(await node.withdraw(asked.id))).toMatchObject({ status: 'REJECTED' });
    expect(await node.confirm(asked.id)).toMatchObject({ rejection: { code: 'REFUND_ENDED' } });
    expect(await movesOf(at)).toEqual([
      'org:school-1:payable > clearing:refund',
      'clearing:refund > org:school-1:payable',
    ]);
    const again = accepted(await node.request({ paymentId, key: 'refund-2' }));
    expect(again).toMatchObject({ status: 'SENT', amount: fen(8_000) });
    expect(await faultsOf(at)).toEqual([]);
  });

  it.each([
    ['cash', CASH, ['clearing:refund > cash:bursar-1-2026-09-01', 'cash:bursar-1-2026-09-01 > world:cash']],
    ['pos', POS, ['clearing:refund > world:pos']],
    ['cheque', CHEQUE, ['clearing:refund > world:cheque']],
  ] as const)('%s when a person has handed it out, once', async (_name, method, moves) => {
    await using at = await refundWorld();
    const node = refundNode(at);
    // The card's charge comes on top; it was the terminal's service and stays paid.
    const total = method.channel === 'pos' ? 8_048 : 8_000;
    const bills = [await node.payments.issueBill('0001', 8_000)];
    const { paymentId } = await payFor(at, node.payments, { bills, total, method, key: 'key-1' });
    const asked = accepted(await node.request({ paymentId }));
    expect(asked).toMatchObject({ status: 'SENT', amount: fen(8_000) });
    await finishRefunds(at, node);
    expect((await node.refundOf(asked.id)).status).toBe('sent');
    const done = accepted(await node.confirm(asked.id));
    expect(done).toMatchObject({ status: 'RETURNED', reference: 'R-1' });
    expect(accepted(await node.confirm(asked.id))).toEqual(done);
    // A second clerk at another counter must hear that it was handed out before.
    expect(await node.confirm(asked.id, { key: 'confirm-2' })).toMatchObject({
      accepted: false,
      rejection: { code: 'REFUND_ENDED' },
    });
    expect(await movesOf(at)).toEqual(['org:school-1:payable > clearing:refund', ...moves]);
    expect(await faultsOf(at)).toEqual([]);
  });

  it('to an advance, which can be spent only once the money is there', async () => {
    await using at = await refundWorld();
    const node = refundNode(at);
    await node.payments.setTerms({
      partialAllowed: true,
      minimumPartial: fen(1),
      advanceAllowed: true,
    });
    const first = await node.payments.issueBill('0001', 5_000);
    await payFor(at, node.payments, {
      bills: [first],
      total: 8_000,
      amount: 8_000,
      method: CASH,
      key: 'over',
    });
    const bill = await node.payments.issueBill('0002', 3_000);
    const captured = (await recordedEvents(at.world.log)).find(({ type }) => type === 'PaymentCaptured.v1')!;
    const [over] = captured.data['bills'] as { advance: { advanceId: string } }[];
    const payment = accepted(
      await node.payments.desk.pay(requestOf(callerOf('bursar', 'system:advances', SCHOOL)), {
        idempotencyKey: 'by-advance',
        bills: [{ billId: bill }],
        expectedTotal: fen(3_000),
        method: { channel: 'advance', advanceId: asId(over!.advance.advanceId) },
      }),
    );
    const refund = accepted(await node.request({ paymentId: payment.id }));
    expect(refund).toMatchObject({ status: 'RETURNED', channel: 'advance' });
    const { state } = await node.payments.store.load(advanceAggregate, over!.advance.advanceId);
    expect(state).toMatchObject({ available: 3_000n });
    expect(await movesOf(at)).toEqual([
      'org:school-1:payable > clearing:refund',
      `clearing:refund > advance:${over!.advance.advanceId}`,
    ]);
    const types = (await recordedEvents(at.world.log)).map(({ type }) => type);
    expect(types.indexOf('RefundReturned.v1')).toBeLessThan(types.lastIndexOf('AdvanceCredited.v1'));
    expect(await faultsOf(at)).toEqual([]);
  });

  it('by transfer through the bank, to where it came from', async () => {
    await using at = await refundWorld();
    const node = refundNode(at);
    const { paymentId } = await paid(node, { channel: 'transfer' }, [20_000]);
    const refund = accepted(await node.request({ paymentId }));
    expect(refund).toMatchObject({
      status: 'RETURNED',
      channel: 'transfer',
      reference: expect.stringMatching(/./),
    });
    expect(await at.bank.effectOf(`refund-${refund.id}`)).toMatchObject({ moved: 1, kind: 'refund' });
    expect(await movesOf(at)).toEqual([
      'org:school-1:payable > clearing:refund',
      'clearing:refund > world:transfer',
    ]);
    expect(await faultsOf(at)).toEqual([]);
  });

  it('that came in late and was used from suspense, to the institution that brought it', async () => {
    await using at = await refundWorld();
    const node = refundNode(at);
    const billId = await node.payments.issueBill('0001', 14_005);
    const input = {
      idempotencyKey: 'key-1',
      bills: [{ billId }],
      expectedTotal: fen(14_005),
      method: OPERATOR,
    };
    expect(await node.payments.pay(PAYER, input)).toMatchObject({ rejection: { code: 'CHANNEL_DECLINED' } });
    await at.bank.deliver();
    const captured = await untilEvent(at, 'PaymentCaptured.v1');
    const paymentId = asId<'payment'>(captured.data['paymentId'] as string);
    await untilEvent(at, 'ReceiptIssued.v2');
    const lines = [{ billId, amount: fen(4_000) }];
    const refund = accepted(await node.request({ paymentId, lines }));
    expect(refund).toMatchObject({ status: 'RETURNED', channel: 'suspense' });
    expect(await at.bank.effectOf(`refund-${refund.id}`)).toMatchObject({ moved: 1 });
    expect((await movesOf(at)).slice(-1)).toEqual(['clearing:refund > world:operator']);
    expect(await faultsOf(at)).toEqual([]);
  });
});

describe('a refund by an operating institution', () => {
  async function refunding(at: OutsideWorld, amountFen: number) {
    const node = refundNode(at);
    const { paymentId, bills } = await paid(node, OPERATOR, [30_000]);
    const refund = accepted(
      await node.request({ paymentId, lines: [{ billId: bills[0]!, amount: fen(amountFen) }] }),
    );
    return { node, refund, paymentId, billId: bills[0]! };
  }

  it('.01 declined: the organisation has its money again and may ask anew', async () => {
    await using at = await refundWorld();
    const { node, refund, paymentId, billId } = await refunding(at, 10_001);
    expect(refund).toMatchObject({
      status: 'REJECTED',
      rejection: { code: 'BANK_DECLINED', message: 'DECLINED' },
    });
    expect(await movesOf(at)).toEqual([
      'org:school-1:payable > clearing:refund',
      'clearing:refund > org:school-1:payable',
    ]);
    expect(await billStateOf(node.payments, billId)).toMatchObject({ refunded: 0n });
    const again = accepted(await node.request({ paymentId, key: 'refund-2' }));
    expect(again).toMatchObject({ status: 'RETURNED', amount: fen(30_000) });
    expect(await faultsOf(at)).toEqual([]);
  });

  it.each([
    ['.02 no answer', 10_002],
    ['.06 the call got lost', 10_006],
  ])('%s: on its way, never rejected; asked again it is returned, once', async (_name, amount) => {
    await using at = await outsideWorld();
    const { node, refund } = await refunding(at, amount);
    expect(refund.status).toBe('SENT');
    await untilReturned(at, node, refund.id);
    expect(await at.bank.effectOf(`refund-${refund.id}`)).toMatchObject({ moved: 1 });
    expect(await faultsOf(at)).toEqual([]);
  });

  it('.03 a notice ends it', async () => {
    await using at = await refundWorld();
    const { node, refund } = await refunding(at, 10_003);
    expect(refund.status).toBe('SENT');
    await finishRefunds(at, node);
    expect((await node.refundOf(refund.id)).status).toBe('sent');
    expect(await at.bank.deliver()).toEqual([200]);
    expect(await node.refundOf(refund.id)).toMatchObject({ status: 'returned', complete: true });
    expect(await faultsOf(at)).toEqual([]);
  });

  it('.04 the same notice three times changes nothing', async () => {
    await using at = await refundWorld();
    const { refund } = await refunding(at, 10_004);
    expect(refund.status).toBe('RETURNED');
    const before = (await recordedEvents(at.world.log)).length;
    expect(await at.bank.deliver()).toEqual([200, 200, 200]);
    expect(await recordedEvents(at.world.log)).toHaveLength(before);
    expect(await faultsOf(at)).toEqual([]);
  });

  it('.07 that the payee’s bank sends back stays returned, lies in suspense, and is a case', async () => {
    await using at = await refundWorld();
    const { node, refund } = await refunding(at, 10_007);
    expect(refund.status).toBe('RETURNED');
    expect(await at.bank.deliver()).toEqual([200]);
    expect(await node.refundOf(refund.id)).toMatchObject({ status: 'returned', cameBack: true });
    expect(await movesOf(at)).toEqual([
      'org:school-1:payable > clearing:refund',
      'clearing:refund > world:operator',
      'world:operator > suspense:school-1',
    ]);
    const cases = (await recordedEvents(at.world.log)).filter(({ type }) => type === 'CaseOpened.v2');
    expect(cases.map(({ data }) => [data['kind'], data['subject']])).toEqual([
      ['refundReturnedByBank', `refund-${refund.id}`],
    ]);
    expect(await faultsOf(at)).toEqual([]);
  });

  it('a bank that stays silent becomes one case, and the refund goes on when it is back', async () => {
    await using at = await outsideWorld();
    const { node, refund } = await refunding(at, 10_002);
    await at.bank.stop();
    at.time.pass(16 * 60_000);
    await finishRefunds(at, node);
    await finishRefunds(at, node);
    const cases = (await recordedEvents(at.world.log)).filter(({ type }) => type === 'CaseOpened.v2');
    expect(cases.map(({ data }) => data['kind'])).toEqual(['unknownTooLong']);
    await at.bank.restart();
    await untilReturned(at, node, refund.id);
    expect(await faultsOf(at)).toEqual([]);
  });
});
