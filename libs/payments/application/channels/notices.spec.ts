import { describe, expect, it } from '@jest/globals';
import { ChannelUnknown, type ExternalChannel } from '#libs/channels/port/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import {
  faultsIn,
  finishOne,
  OPERATOR,
  outsideWorld,
  payOne,
  PAYER,
  paying,
  paymentOf,
  settled,
  typesIn,
  type OutsideWorld,
} from '#libs/testing/outside-world.js';
import { fen, paymentNode, recordedEvents, requestOf } from '#libs/testing/payment-world.js';

describe('notices that do not fit', () => {
  async function captured(at: OutsideWorld) {
    const { node, pay } = await paying(at, 14_000);
    const payment = accepted(await pay());
    const [receiver] = node.notices;
    const notice = {
      noticeId: 'n-1',
      operationId: `payment-${payment.id}`,
      tenant: PAYER.tenant,
      outcome: 'succeeded',
      amount: fen(14_000),
      reference: payment.reference!,
      at: at.time.clock.now(),
    } as const;
    return { node, payment, receiver: receiver!, notice };
  }

  async function cases(at: OutsideWorld): Promise<readonly unknown[]> {
    const events = await recordedEvents(at.world.log);
    return events.filter(({ type }) => type === 'CaseOpened.v2').map(({ data }) => data['kind']);
  }

  it('declined after succeeded, another amount, another reference: kept as a case, nothing changes', async () => {
    await using at = await outsideWorld();
    const { node, payment, receiver, notice } = await captured(at);
    const before = await paymentOf(node, payment.id);
    expect(await receiver.receive({ ...notice, noticeId: 'a', outcome: 'declined' })).toBe('contradicts');
    expect(await receiver.receive({ ...notice, noticeId: 'a', outcome: 'declined' })).toBe('contradicts');
    expect(await receiver.receive({ ...notice, noticeId: 'b', amount: fen(14_001) })).toBe('contradicts');
    expect(await receiver.receive({ ...notice, noticeId: 'c', reference: 'other' })).toBe('contradicts');
    expect(await receiver.receive({ ...notice, noticeId: 'd', outcome: 'returned' })).toBe('contradicts');
    expect(await receiver.receive(notice)).toBe('taken');
    expect(await cases(at)).toEqual(Array(4).fill('contradictoryNotice'));
    expect(await paymentOf(node, payment.id)).toEqual(before);
  });

  it('of another tenant, of nothing and of a payment that asked nobody: not one of ours', async () => {
    await using at = await outsideWorld();
    const { node, receiver, notice } = await captured(at);
    expect(await receiver.receive({ ...notice, tenant: asId('other') })).toBe('unknownOperation');
    const unknown = 'payment-00000000-0000-8000-8000-000000000000';
    expect(await receiver.receive({ ...notice, operationId: unknown })).toBe('unknownOperation');
    const billId = await node.issueBill('0002', 500);
    const walletId = await node.openWallet('payer-1', 500);
    const byWallet = accepted(
      await node.desk.pay(requestOf(PAYER), payOne(billId, 500, { channel: 'wallet', walletId }, 'key-2')),
    );
    const forged = { ...notice, operationId: `payment-${byWallet.id}`, amount: fen(500) };
    expect(await receiver.receive(forged)).toBe('contradicts');
    expect(await faultsIn(at)).toEqual([]);
  });
});

describe('a notice after a long silence', () => {
  it.each(['succeeded', 'declined'] as const)(
    '%s ends the case that asked a person to call',
    async (outcome) => {
      await using at = await outsideWorld();
      const silence = () => Promise.reject(new ChannelUnknown('No answer.'));
      const silent = { submit: silence, query: silence, cancel: silence, statement: silence };
      const node = paymentNode({ ...at.world, external: silent }, at.world.log);
      const billId = await node.issueBill('0001', 14_000);
      const payment = accepted(await node.pay(PAYER, payOne(billId, 14_000, OPERATOR)));
      expect(payment.status).toBe('UNKNOWN');
      at.time.pass(16 * 60_000);
      await finishOne(node, payment.id);
      const cases = async () => (await typesIn(at)).filter((type) => type.startsWith('Case'));
      expect(await cases()).toEqual(['CaseOpened']);
      const operationId = `payment-${payment.id}`;
      const said = {
        noticeId: 'n-1',
        operationId,
        tenant: PAYER.tenant,
        amount: fen(14_000),
        reference: 'B-1',
      };
      expect(await node.notices[0]!.receive({ ...said, outcome, at: at.time.clock.now() })).toBe('taken');
      expect(await cases()).toEqual(['CaseOpened', 'CaseResolved']);
    },
  );
});

describe('money that comes in after the payment has failed', () => {
  it('as the reply to the very call that a notice has overtaken: kept, and used for the bills', async () => {
    await using at = await outsideWorld();
    const { external } = at.world;
    const overtaken: ExternalChannel = {
      query: (operation) => external.query(operation),
      cancel: (operation) => external.cancel(operation),
      statement: (request) => external.statement(request),
      async submit(operation) {
        const { operationId, tenant, amount } = operation;
        const reply = await external.submit(operation);
        const refusal = { noticeId: 'n-1', operationId, tenant, amount, reference: 'B-1' };
        await node.notices[0]!.receive({ ...refusal, outcome: 'declined', at: at.time.clock.now() });
        return reply;
      },
    };
    const node = paymentNode({ ...at.world, external: overtaken }, at.world.log);
    const billId = await node.issueBill('0001', 14_000);
    const paid = await node.pay(PAYER, payOne(billId, 14_000, OPERATOR));
    expect(paid).toMatchObject({ accepted: false, rejection: { code: 'CHANNEL_DECLINED' } });
    const [initiated] = (await recordedEvents(at.world.log)).filter(
      ({ type }) => type === 'PaymentInitiated.v2',
    );
    const id = asId<'payment'>(initiated!.data['paymentId'] as string);
    await finishOne(node, id);
    expect(await paymentOf(node, id)).toMatchObject({
      status: 'failed',
      lateSuccess: { status: 'settled', amount: fen(14_000) },
    });
    const types = await typesIn(at);
    expect(types.filter((type) => type === 'PaymentCaptured')).toHaveLength(1);
    expect(types.filter((type) => type.startsWith('Case'))).toEqual(['CaseOpened', 'CaseResolved']);
    expect(await faultsIn(at)).toEqual([]);
  });

  it('.05 pays the same bills after all, in a payment of its own, and the case ends', async () => {
    await using at = await outsideWorld();
    const { node, billId, pay } = await paying(at, 14_005);
    expect(await pay()).toMatchObject({ accepted: false, rejection: { code: 'CHANNEL_DECLINED' } });
    const [initiated] = (await recordedEvents(at.world.log)).filter(
      ({ type }) => type === 'PaymentInitiated.v2',
    );
    const id = asId<'payment'>(initiated!.data['paymentId'] as string);
    expect(await at.bank.deliver()).toEqual([200]);
    const late = await settled(
      node,
      id,
      (one) => 'lateSuccess' in one && one.lateSuccess?.status === 'settled',
    );
    expect(late).toMatchObject({ status: 'failed', lateSuccess: { amount: fen(14_005) } });
    await finishOne(node, id);
    const types = await typesIn(at);
    expect(types.filter((type) => type === 'PaymentLateSuccessReallocated')).toHaveLength(1);
    expect(types.filter((type) => type === 'PaymentCaptured')).toHaveLength(1);
    expect(types.filter((type) => type === 'CaseResolved')).toHaveLength(1);
    expect(await at.bank.effectOf(`payment-${id}`)).toMatchObject({ moved: 1 });
    expect(await faultsIn(at)).toEqual([]);
    // The payer who asks again is told what became of that payment.
    expect(await pay()).toMatchObject({ accepted: false, rejection: { code: 'CHANNEL_DECLINED' } });
    const second = await node.pay(PAYER, payOne(billId, 14_005, OPERATOR, 'key-2'));
    expect(second).toMatchObject({ accepted: false, rejection: { code: 'BILL_ALREADY_PAID' } });
  });

  it('.05 goes back when the bill has been paid otherwise', async () => {
    await using at = await outsideWorld();
    const { node, billId, pay } = await paying(at, 14_005);
    await pay();
    const walletId = await node.openWallet('payer-1', 14_005);
    accepted(await node.pay(PAYER, payOne(billId, 14_005, { channel: 'wallet', walletId }, 'key-2')));
    const [initiated] = (await recordedEvents(at.world.log)).filter(
      ({ type }) => type === 'PaymentInitiated.v2',
    );
    const id = asId<'payment'>(initiated!.data['paymentId'] as string);
    expect(await at.bank.deliver()).toEqual([200]);
    await settled(node, id, (one) => 'lateSuccess' in one && one.lateSuccess?.status === 'returning');
    // The bank declines to give such an amount back as well, and does so later all the same.
    while (!(await at.bank.effectOf(`return-${id}`))) await finishOne(node, id);
    expect(await at.bank.deliver()).toEqual([200]);
    await settled(node, id, (one) => 'lateSuccess' in one && one.lateSuccess?.status === 'settled');
    expect(await at.bank.effectOf(`payment-${id}`)).toMatchObject({ moved: 1 });
    expect(await at.bank.effectOf(`return-${id}`)).toMatchObject({ moved: 1, kind: 'refund' });
    expect((await typesIn(at)).filter((type) => type.startsWith('PaymentLateSuccess'))).toEqual([
      'PaymentLateSuccessRecorded',
      'PaymentLateSuccessReturned',
    ]);
    await finishOne(node, id);
    expect(await faultsIn(at)).toEqual([]);
  });
});
