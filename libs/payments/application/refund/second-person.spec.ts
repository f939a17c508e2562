import { describe, expect, it } from '@jest/globals';
import type { PaymentId, RefundId } from '#libs/kernel/ids/index.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import { PAYER, type OutsideWorld } from '#libs/testing/outside-world.js';
import { callerOf, fen, OTHER_SCHOOL, recordedEvents, SCHOOL } from '#libs/testing/payment-world.js';
import { auditRefunds } from '#libs/testing/refund-audit.js';
import {
  BURSAR,
  finishRefunds,
  paid,
  refundNode,
  type RefundNode,
  refundWorld,
} from '#libs/testing/refund-world.js';
import { paymentAggregate } from '../../codec/index.js';
import { refundableOf } from '../../domain/payment/index.js';

const DAY_MS = 86_400_000;

/** A refund of ¥600.00: above the limit of ¥500.00. */
async function waiting(at: OutsideWorld) {
  const node = refundNode(at);
  const walletId = await node.payments.openWallet('payer-1', 60_000);
  const { paymentId, receiptId } = await paid(node, { channel: 'wallet', walletId }, [60_000]);
  const refund = accepted(await node.request({ paymentId }));
  expect(refund).toMatchObject({ status: 'REQUESTED', approvalNeeded: true });
  return { node, refundId: refund.id, paymentId, receiptId };
}

async function refundable(node: RefundNode, paymentId: PaymentId): Promise<bigint> {
  const { state } = await node.payments.store.load(paymentAggregate, paymentId);
  return state.status === 'captured' ? refundableOf(state).amount : 0n;
}

async function typesOf(at: OutsideWorld, refundId: RefundId): Promise<readonly string[]> {
  return (await recordedEvents(at.world.log))
    .filter(({ stream }) => stream === `refund-${refundId}`)
    .map(({ type }) => type.replace(/\.v\d$/, ''));
}

async function faultsOf(at: OutsideWorld): Promise<readonly string[]> {
  return auditRefunds(await recordedEvents(at.world.log));
}

describe('a refund above the limit', () => {
  it('at the limit needs nobody, one fen above it a second person', async () => {
    await using at = await refundWorld();
    const node = refundNode(at);
    const walletId = await node.payments.openWallet('payer-1', 200_000);
    const one = await paid(node, { channel: 'wallet', walletId }, [50_000], 'one');
    const other = await paid(node, { channel: 'wallet', walletId }, [50_001], 'other');
    const small = accepted(await node.request({ paymentId: one.paymentId, key: 'r1' }));
    const large = accepted(await node.request({ paymentId: other.paymentId, key: 'r2' }));
    expect([small.status, large.status]).toEqual(['RETURNED', 'REQUESTED']);
    expect(await faultsOf(at)).toEqual([]);
  });

  it('counts what has gone back of the payment before: many small refunds are one large one', async () => {
    await using at = await refundWorld();
    const node = refundNode(at);
    const walletId = await node.payments.openWallet('payer-1', 60_000);
    const { paymentId, bills } = await paid(node, { channel: 'wallet', walletId }, [60_000]);
    const part = async (key: string, amount: number) => {
      const lines = [{ billId: bills[0]!, amount: fen(amount) }];
      return accepted(await node.request({ paymentId, key, lines })).status;
    };
    expect(await part('r1', 30_000)).toBe('RETURNED');
    expect(await part('r2', 20_000)).toBe('RETURNED');
    expect(await part('r3', 1)).toBe('REQUESTED');
    expect(await faultsOf(at)).toEqual([]);
  });

  it('waits with its money set aside, and goes on when another person has agreed', async () => {
    await using at = await refundWorld();
    const { node, refundId, paymentId } = await waiting(at);
    expect(await refundable(node, paymentId)).toBe(0n);
    await finishRefunds(at, node);
    expect(await node.refundOf(refundId)).toMatchObject({ status: 'requested' });
    await node.decide(refundId, true);
    expect(await node.refundOf(refundId)).toMatchObject({
      status: 'returned',
      complete: true,
      checker: { accountId: 'supervisor-1', personId: 'person-supervisor-1' },
    });
    expect(await faultsOf(at)).toEqual([]);
  });

  it('goes on although the process died between the decision and telling of it', async () => {
    await using at = await refundWorld();
    const { node, refundId } = await waiting(at);
    await node.decide(refundId, true, { silently: true });
    expect((await node.refundOf(refundId)).status).toBe('requested');
    await finishRefunds(at, refundNode(at));
    expect((await node.refundOf(refundId)).status).toBe('returned');
    expect(await faultsOf(at)).toEqual([]);
  });

  it('cannot be agreed to by the person who asked, under whatever account', async () => {
    await using at = await refundWorld();
    const { node, refundId } = await waiting(at);
    const same = { ...callerOf('supervisor', 'another-account', SCHOOL), personId: BURSAR.personId };
    await expect(node.decide(refundId, true, { caller: same })).rejects.toThrow('SAME_PERSON');
    const elsewhere = callerOf('supervisor', 'supervisor-2', OTHER_SCHOOL);
    await expect(node.decide(refundId, true, { caller: elsewhere })).rejects.toThrow('APPROVAL_NOT_FOUND');
    expect((await node.refundOf(refundId)).status).toBe('requested');
  });

  it.each([['told'], ['found by the finisher']])('that is declined gives the money free: %s', async (how) => {
    await using at = await refundWorld();
    const { node, refundId, paymentId } = await waiting(at);
    const silently = how !== 'told';
    await node.decide(refundId, false, { silently, comment: '不符合规定' });
    await finishRefunds(at, node);
    const why = silently ? {} : { why: '不符合规定' };
    expect(await node.refundOf(refundId)).toMatchObject({
      status: 'rejected',
      by: 'checker',
      code: 'NOT_APPROVED',
      ...why,
      complete: true,
    });
    expect(await refundable(node, paymentId)).toBe(60_000n);
    expect(await faultsOf(at)).toEqual([]);
  });

  it('is called off by its maker alone, and nobody needs to decide any more', async () => {
    await using at = await refundWorld();
    const { node, refundId, paymentId } = await waiting(at);
    const notFound = { accepted: false, rejection: { code: 'REFUND_NOT_FOUND' } };
    expect(await node.withdraw(refundId, callerOf('bursar', 'bursar-2', SCHOOL))).toMatchObject(notFound);
    expect(await node.withdraw(refundId, callerOf('bursar', 'bursar-1', OTHER_SCHOOL))).toMatchObject(
      notFound,
    );
    expect(await node.withdraw(refundId, PAYER)).toMatchObject({ rejection: { code: 'FORBIDDEN' } });
    const off = accepted(await node.withdraw(refundId));
    expect(off).toMatchObject({ status: 'REJECTED', rejection: { code: 'WITHDRAWN' } });
    expect(accepted(await node.withdraw(refundId))).toEqual(off);
    await expect(node.decide(refundId, true)).rejects.toThrow(/APPROVAL_/);
    expect(await refundable(node, paymentId)).toBe(60_000n);
    expect(await faultsOf(at)).toEqual([]);
  });

  it('that was paid back cannot be called off', async () => {
    await using at = await refundWorld();
    const { node, refundId } = await waiting(at);
    await node.decide(refundId, true);
    expect(await node.withdraw(refundId)).toMatchObject({ rejection: { code: 'REFUND_ENDED' } });
  });

  it('ends by itself when nobody has decided for 30 days, also when somebody had agreed in vain', async () => {
    await using at = await refundWorld();
    const { node, refundId, paymentId } = await waiting(at);
    at.time.pass(30 * DAY_MS - 1);
    await finishRefunds(at, node);
    expect((await node.refundOf(refundId)).status).toBe('requested');
    await node.decide(refundId, true, { silently: true });
    at.time.pass(1);
    await finishRefunds(at, node);
    expect(await node.refundOf(refundId)).toMatchObject({ status: 'rejected', code: 'APPROVAL_EXPIRED' });
    expect(await refundable(node, paymentId)).toBe(60_000n);
    expect(await faultsOf(at)).toEqual([]);
  });
});

describe('who may ask', () => {
  it('staff of the organisation that was paid; not yours looks exactly like not found', async () => {
    await using at = await refundWorld();
    const { node, paymentId, receiptId, refundId } = await waiting(at);
    const stranger = callerOf('bursar', 'bursar-9', OTHER_SCHOOL);
    const otherTenant = { ...BURSAR, tenant: 'other' as typeof BURSAR.tenant };
    const unknown = '00000000-0000-8000-8000-000000000000' as PaymentId;
    const asked = await node.request({ paymentId: unknown, key: 'k' });
    expect(asked).toMatchObject({ rejection: { code: 'PAYMENT_NOT_FOUND' } });
    for (const caller of [stranger, otherTenant]) {
      expect(await node.request({ paymentId, key: 'k' }, caller)).toEqual(asked);
      expect(await node.cancelReceipt(receiptId, caller)).toEqual(await node.cancelReceipt(unknown, caller));
      expect(await node.dishonour(paymentId, caller)).toEqual(await node.dishonour(unknown, caller));
      expect(await node.confirm(refundId, { caller })).toMatchObject({
        rejection: { code: 'REFUND_NOT_FOUND' },
      });
    }
    for (const role of ['payer', 'ops', 'auditor', 'taxofficer'] as const) {
      const caller = callerOf(role, 'payer-1', role === 'payer' ? undefined : SCHOOL);
      const forbidden = { accepted: false, rejection: { code: 'FORBIDDEN' } };
      expect(await node.request({ paymentId, key: 'k' }, caller)).toMatchObject(forbidden);
      expect(await node.cancelReceipt(receiptId, caller)).toMatchObject(forbidden);
      expect(await node.dishonour(paymentId, caller)).toMatchObject(forbidden);
      expect(await node.confirm(refundId, { caller })).toMatchObject(forbidden);
    }
    expect(await typesOf(at, refundId)).toEqual(['RefundRequested']);
  });

  it('for amounts that make sense of bills that the payment has paid', async () => {
    await using at = await refundWorld();
    const node = refundNode(at);
    const walletId = await node.payments.openWallet('payer-1', 60_000);
    const { paymentId, bills } = await paid(node, { channel: 'wallet', walletId }, [6_000]);
    const billId = bills[0]!;
    const codeOf = async (
      key: string,
      lines: Parameters<RefundNode['request']>[0]['lines'],
      reason?: string,
    ) => {
      const asked = await node.request({
        paymentId,
        key,
        ...(lines && { lines }),
        ...(reason !== undefined && { reason }),
      });
      return asked.accepted ? asked.value.status : asked.rejection.code;
    };
    const elsewhere = await node.payments.issueBill('0009', 100);
    expect(await codeOf('1', [])).toBe('INVALID_AMOUNT');
    expect(await codeOf('2', [{ billId, amount: fen(0) }])).toBe('INVALID_AMOUNT');
    expect(await codeOf('3', [{ billId: elsewhere, amount: fen(1) }])).toBe('BILL_NOT_FOUND');
    expect(await codeOf('4', [{ billId, amount: fen(6_001) }])).toBe('REFUND_EXCEEDS_PAYMENT');
    const twice = [
      { billId, amount: fen(1) },
      { billId, amount: fen(2) },
    ];
    expect(await codeOf('5', twice)).toBe('REFUND_EXCEEDS_PAYMENT');
    await expect(codeOf('6', undefined, ' ')).rejects.toThrow('A reason');
    await expect(codeOf('7', undefined, 'x'.repeat(501))).rejects.toThrow('A reason');
    expect(await codeOf('8', [{ billId, amount: fen(6_000) }])).toBe('RETURNED');
    // The same key answers the same for good, a refusal too.
    expect(await codeOf('4', [{ billId, amount: fen(6_001) }])).toBe('REFUND_EXCEEDS_PAYMENT');
    expect(await faultsOf(at)).toEqual([]);
  });
});
