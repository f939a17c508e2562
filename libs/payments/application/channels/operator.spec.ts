import { describe, expect, it } from '@jest/globals';
import { accepted } from '#libs/testing/payment-fixture.js';
import {
  faultsIn,
  finishOne,
  outsideWorld,
  payOne,
  PAYER,
  paying,
  paymentOf,
  settled,
  typesIn,
} from '#libs/testing/outside-world.js';
import { callerOf, fen, recordedEvents } from '#libs/testing/payment-world.js';
import { asId } from '#libs/kernel/ids/index.js';

const MINUTE_MS = 60_000;

describe('a payment by an operating institution', () => {
  it('is captured in one round trip; the call is stored before it is made', async () => {
    await using at = await outsideWorld();
    const { node, billId, input, pay } = await paying(at, 14_000);
    const payment = accepted(await pay());
    expect(payment).toMatchObject({
      status: 'CAPTURED',
      channel: 'operator',
      total: fen(14_000),
      bills: [{ billId, amount: fen(14_000) }],
      reference: expect.stringMatching(/./),
    });
    expect(payment.receipts).toHaveLength(1);
    const types = (await typesIn(at)).slice(-7);
    expect(types).toEqual([
      'PaymentInitiated',
      'BillReserved',
      'PaymentAuthorisationSought',
      'PaymentAuthorised',
      'PaymentCaptured',
      'BillPaymentAllocated',
      'ReceiptIssued',
    ]);
    const captured = (await recordedEvents(at.world.log)).find(({ type }) => type === 'PaymentCaptured.v1');
    const amount = { asset: 'CNY/2', amount: '14000' };
    expect(captured?.data['postings']).toEqual([
      { source: 'world:operator', destination: 'clearing:operator', amount },
      { source: 'clearing:operator', destination: 'org:school-1:payable', amount },
    ]);
    expect(accepted(await node.pay(PAYER, input))).toEqual(payment);
    expect(await at.bank.effectOf(`payment-${payment.id}`)).toMatchObject({ moved: 1 });
    expect(await faultsIn(at)).toEqual([]);
  });

  it('.01 is declined with the institution’s reason, and the bill is free again', async () => {
    await using at = await outsideWorld();
    const { pay } = await paying(at, 14_001);
    const refusal = {
      accepted: false,
      rejection: { code: 'CHANNEL_DECLINED', details: { reason: 'DECLINED' } },
    };
    expect(await pay()).toMatchObject(refusal);
    expect(await pay()).toMatchObject(refusal);
    expect(await faultsIn(at)).toEqual([]);
  });

  it('.02 no answer is unknown, never failed; asked again it is captured, once', async () => {
    await using at = await outsideWorld();
    const { node, input, pay } = await paying(at, 14_002);
    const unknown = accepted(await pay());
    expect(unknown).toMatchObject({ status: 'UNKNOWN', bills: [], receipts: [] });
    await finishOne(node, unknown.id);
    expect(accepted(await node.pay(PAYER, input)).status).toBe('CAPTURED');
    expect(await at.bank.effectOf(`payment-${unknown.id}`)).toMatchObject({ moved: 1 });
    expect((await typesIn(at)).filter((type) => type === 'PaymentOutcomeUnknown')).toHaveLength(1);
    expect(await faultsIn(at)).toEqual([]);
  });

  it('.03 a notice within the caller’s patience is an answer in one round trip', async () => {
    await using at = await outsideWorld(5_000);
    const { pay } = await paying(at, 14_003);
    const answer = pay();
    let statuses: readonly number[] = [];
    while (statuses.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      statuses = await at.bank.deliver();
    }
    expect(statuses).toEqual([200]);
    expect(accepted(await answer).status).toBe('CAPTURED');
    expect(await faultsIn(at)).toEqual([]);
  });

  it('.03 a notice after that finishes the payment by itself', async () => {
    await using at = await outsideWorld();
    const { node, pay } = await paying(at, 14_003);
    const payment = accepted(await pay());
    expect(payment).toMatchObject({ status: 'AUTHORISING', expiresAt: '2026-09-01T00:10:00.000Z' });
    expect(await at.bank.deliver()).toEqual([200]);
    await settled(node, payment.id, ({ status }) => status === 'captured');
    await finishOne(node, payment.id);
    expect(await faultsIn(at)).toEqual([]);
  });

  it('.04 the same notice three times changes nothing', async () => {
    await using at = await outsideWorld();
    const { pay } = await paying(at, 14_004);
    expect(accepted(await pay()).status).toBe('CAPTURED');
    const before = await typesIn(at);
    expect(await at.bank.deliver()).toEqual([200, 200, 200]);
    expect(await typesIn(at)).toEqual(before);
  });

  it('.06 a call that got lost is repeated with the same id', async () => {
    await using at = await outsideWorld();
    const { node, pay } = await paying(at, 14_006);
    const payment = accepted(await pay());
    expect(payment.status).toBe('UNKNOWN');
    expect(await at.bank.effectOf(`payment-${payment.id}`)).toBeUndefined();
    await finishOne(node, payment.id);
    expect(await paymentOf(node, payment.id)).toMatchObject({ status: 'captured' });
    expect(await at.bank.effectOf(`payment-${payment.id}`)).toMatchObject({ moved: 1 });
    expect(await faultsIn(at)).toEqual([]);
  });

  it('a lost call that may not succeed any more is barred at the institution before the payment ends', async () => {
    await using at = await outsideWorld();
    const { node, pay } = await paying(at, 14_006);
    const payment = accepted(await pay());
    at.time.pass(11 * MINUTE_MS);
    await finishOne(node, payment.id);
    expect(await paymentOf(node, payment.id)).toMatchObject({
      status: 'failed',
      failure: { code: 'PAYMENT_EXPIRED' },
    });
    expect(await pay()).toMatchObject({ accepted: false, rejection: { code: 'PAYMENT_EXPIRED' } });
    expect((await at.bank.effectOf(`payment-${payment.id}`))?.moved ?? 0).toBe(0);
    expect(await faultsIn(at)).toEqual([]);
  });

  it('an institution that stays away too long becomes a case, and the case ends with its answer', async () => {
    await using at = await outsideWorld();
    const { node, pay } = await paying(at, 14_002);
    const payment = accepted(await pay());
    await at.bank.stop();
    at.time.pass(16 * MINUTE_MS);
    await finishOne(node, payment.id);
    await finishOne(node, payment.id);
    expect(await paymentOf(node, payment.id)).toMatchObject({ status: 'unknown' });
    const opened = (await recordedEvents(at.world.log)).filter(({ type }) => type === 'CaseOpened.v2');
    expect(opened.map(({ data }) => [data['kind'], data['subject']])).toEqual([
      ['unknownTooLong', `payment-${payment.id}`],
    ]);
    await at.bank.restart();
    await finishOne(node, payment.id);
    expect(await paymentOf(node, payment.id)).toMatchObject({ status: 'captured' });
    expect((await typesIn(at)).filter((type) => type === 'CaseResolved')).toHaveLength(1);
  });
});

describe('a transfer', () => {
  it('answers with the code to name, waits for the money, and takes it once', async () => {
    await using at = await outsideWorld();
    const node = at.node();
    const billId = await node.issueBill('0001', 20_000);
    const input = payOne(billId, 20_000, { channel: 'transfer' });
    const payment = accepted(await node.pay(PAYER, input));
    expect(payment).toMatchObject({ status: 'AUTHORISING', remittanceCode: expect.stringMatching(/./) });
    expect(accepted(await node.pay(PAYER, input))).toEqual(payment);
    await finishOne(node, payment.id);
    expect(await at.bank.credit(PAYER.tenant, payment.remittanceCode!, fen(20_000))).toBe('taken');
    await at.bank.deliver();
    await settled(node, payment.id, ({ status }) => status === 'captured');
    await finishOne(node, payment.id);
    expect(await at.bank.effectOf(`payment-${payment.id}`)).toMatchObject({ moved: 1 });
    expect(await faultsIn(at)).toEqual([]);
  });

  it('that nobody makes lapses', async () => {
    await using at = await outsideWorld();
    const node = at.node();
    const input = payOne(await node.issueBill('0001', 20_000), 20_000, { channel: 'transfer' });
    const payment = accepted(await node.pay(PAYER, input));
    at.time.pass(4 * 24 * 60 * MINUTE_MS);
    await finishOne(node, payment.id);
    const { failure } = (await paymentOf(node, payment.id)) as { failure: { code: string } };
    expect(['PAYMENT_EXPIRED', 'CHANNEL_DECLINED']).toContain(failure.code);
    expect(await faultsIn(at)).toEqual([]);
  });
});

describe('calling a payment off', () => {
  it('bars it at the institution first; nobody but its owner may', async () => {
    await using at = await outsideWorld();
    const { node, pay } = await paying(at, 14_003);
    const { id } = accepted(await pay());
    const stranger = await node.cancel(callerOf('payer', 'payer-2'), id);
    expect(stranger).toMatchObject({ accepted: false, rejection: { code: 'PAYMENT_NOT_FOUND' } });
    const nothing = await node.cancel(PAYER, asId('00000000-0000-8000-8000-000000000000'));
    expect(nothing).toEqual(stranger);
    expect(accepted(await node.cancel(PAYER, id)).status).toBe('CANCELLED');
    expect(accepted(await node.cancel(PAYER, id)).status).toBe('CANCELLED');
    await at.bank.deliver();
    expect(await at.bank.effectOf(`payment-${id}`)).toMatchObject({ moved: 0 });
    expect(await pay()).toMatchObject({ accepted: false, rejection: { code: 'PAYMENT_CANCELLED' } });
    expect(await faultsIn(at)).toEqual([]);
  });

  it('too late: it is captured, and the answer says so', async () => {
    await using at = await outsideWorld();
    const { node, pay } = await paying(at, 14_002);
    const { id, status } = accepted(await pay());
    expect(status).toBe('UNKNOWN');
    const answer = accepted(await node.cancel(PAYER, id));
    expect(answer).toMatchObject({ status: 'CAPTURED', receipts: [{}] });
    expect(await faultsIn(at)).toEqual([]);
  });
});
