import { describe, expect, it } from '@jest/globals';
import { parseLocalDate } from '#libs/kernel/time/index.js';
import { mortalLog } from '#libs/testing/mortal-log.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import { OPERATOR, type OutsideWorld } from '#libs/testing/outside-world.js';
import { billStateOf, fen, recordedEvents, TENANT } from '#libs/testing/payment-world.js';
import { auditRefunds } from '#libs/testing/refund-audit.js';
import { BURSAR, finishRefunds, paid, payFor, refundNode, refundWorld } from '#libs/testing/refund-world.js';
import type { PaymentMethod } from '../../contract/index.js';

const CASH: PaymentMethod = { channel: 'cash', tendered: fen(100_000) };
const CHEQUE: PaymentMethod = {
  channel: 'cheque',
  chequeNumber: '10000001',
  bank: '示例银行',
  chequeDate: parseLocalDate('2026-09-01'),
};
const PARTIAL = { partialAllowed: true, minimumPartial: fen(1), advanceAllowed: false };

async function faultsOf(at: OutsideWorld): Promise<readonly string[]> {
  return auditRefunds(await recordedEvents(at.world.log));
}

describe('a cancelled receipt', () => {
  it('in the middle: the bill is open by as much, the payment after it moves up, its money goes back', async () => {
    await using at = await refundWorld();
    const node = refundNode(at);
    await node.payments.setTerms(PARTIAL);
    const billId = await node.payments.issueBill('0001', 9_000);
    const walletId = await node.payments.openWallet('payer-1', 9_000);
    const wallet: PaymentMethod = { channel: 'wallet', walletId };
    const part = (amount: number, method: PaymentMethod) =>
      payFor(at, node.payments, { bills: [billId], total: amount, amount, method, key: `part-${amount}` });
    await part(2_000, wallet);
    const middle = await part(3_000, wallet);
    await part(4_000, CASH);
    const asked = accepted(await node.cancelReceipt(middle.receiptId));
    expect(asked).toMatchObject({ kind: 'RECEIPT_CANCEL', status: 'REQUESTED', amount: fen(3_000) });
    expect(accepted(await node.cancelReceipt(middle.receiptId))).toEqual(asked);
    expect(await billStateOf(node.payments, billId)).toMatchObject({ outstanding: 0n });
    await node.decide(asked.id, true);
    expect(await node.refundOf(asked.id)).toMatchObject({ status: 'returned', complete: true });
    const bill = await billStateOf(node.payments, billId);
    expect(bill).toMatchObject({ outstanding: 3_000n, paid: 6_000n });
    const events = await recordedEvents(at.world.log);
    const reversed = events.find(({ type }) => type === 'BillAllocationReversed.v1')!;
    expect(reversed.data).toMatchObject({ why: 'receiptCancel', statusAfter: 'partiallyPaid' });
    expect(reversed.data['reapportioned']).toHaveLength(1);
    const cancelled = events.find(({ type }) => type === 'ReceiptCancelled.v1')!;
    expect(cancelled.data).toMatchObject({ receiptId: middle.receiptId, sequence: 2 });
    // The number stays used; the next payment gets the next one.
    const again = await part(3_000, wallet).catch(() => undefined);
    expect(again).toMatchObject({ paymentId: middle.paymentId });
    const next = await payFor(at, node.payments, {
      bills: [billId],
      total: 3_000,
      method: wallet,
      key: 'again',
    });
    expect(next.receiptId).not.toBe(middle.receiptId);
    const sequences = (await recordedEvents(at.world.log))
      .filter(({ type }) => type === 'ReceiptIssued.v2')
      .map(({ data }) => data['sequence']);
    expect(sequences).toEqual([1, 2, 3, 4]);
    expect(await node.cancelReceipt(middle.receiptId, BURSAR, 'cancel-2')).toMatchObject({
      rejection: { code: 'RECEIPT_CANCELLED' },
    });
    expect(await faultsOf(at)).toEqual([]);
  });

  it('of which a part went back already, or is about to, is refused', async () => {
    await using at = await refundWorld();
    const node = refundNode(at);
    const { paymentId, receiptId, bills } = await paid(node, CASH, [8_000]);
    const lines = [{ billId: bills[0]!, amount: fen(1) }];
    accepted(await node.request({ paymentId, lines }));
    const refused = { accepted: false, rejection: { code: 'PAYMENT_REFUNDED' } };
    expect(await node.cancelReceipt(receiptId)).toMatchObject(refused);
    expect(await faultsOf(at)).toEqual([]);
  });

  it('of a payment that left an advance is refused: the advance may be spent by now', async () => {
    await using at = await refundWorld();
    const node = refundNode(at);
    await node.payments.setTerms({ ...PARTIAL, advanceAllowed: true });
    const bills = [await node.payments.issueBill('0001', 5_000)];
    const over = { bills, total: 8_000, amount: 8_000, key: 'over' };
    const { paymentId, receiptId } = await payFor(at, node.payments, { ...over, method: CHEQUE });
    const refused = { accepted: false, rejection: { code: 'PAYMENT_OVERPAID' } };
    expect(await node.cancelReceipt(receiptId)).toMatchObject(refused);
    expect(await node.dishonour(paymentId)).toMatchObject(refused);
    expect(accepted(await node.request({ paymentId })).amount).toEqual(fen(5_000));
    expect(await faultsOf(at)).toEqual([]);
  });

  it('that waits for the second person keeps refunds of the same money away', async () => {
    await using at = await refundWorld();
    const node = refundNode(at);
    const { paymentId, receiptId } = await paid(node, CASH, [8_000]);
    const cancel = accepted(await node.cancelReceipt(receiptId));
    expect(await node.request({ paymentId })).toMatchObject({
      rejection: { code: 'REFUND_EXCEEDS_PAYMENT' },
    });
    accepted(await node.withdraw(cancel.id));
    expect(accepted(await node.request({ paymentId, key: 'refund-2' })).status).toBe('SENT');
    expect(await faultsOf(at)).toEqual([]);
  });

  it('whose bills are open again cannot be called off any more, wherever the process died', async () => {
    const ends: string[] = [];
    for (const append of [1, 2, 3, 4, 5, 6]) ends.push(await diesAndIsCalledOff(append));
    // Once it is approved – the bills are opened next – it goes through.
    expect(ends).toEqual(['rejected', 'rejected', 'rejected', 'sent', 'sent', 'sent']);
  });

  async function diesAndIsCalledOff(append: number): Promise<string> {
    await using at = await refundWorld();
    const node = refundNode(at);
    const { receiptId } = await paid(node, CASH, [8_000]);
    const asked = accepted(await node.cancelReceipt(receiptId));
    await node.decide(asked.id, true, { silently: true });
    const mortal = mortalLog(at.world.log, { append, moment: 'before' });
    const doomed = refundNode(at, mortal.log);
    await finishRefunds(at, doomed).catch(() => undefined);
    expect(mortal.dead()).toBe(true);
    const restarted = refundNode(at);
    await restarted.withdraw(asked.id);
    await finishRefunds(at, restarted);
    expect({ append, faults: await faultsOf(at) }).toEqual({ append, faults: [] });
    return (await restarted.refundOf(asked.id)).status;
  }

  it('whose money the bank does not deliver is a case; the payment has nothing to give a second time', async () => {
    await using at = await refundWorld();
    const node = refundNode(at);
    const { paymentId, receiptId, bills } = await paid(node, OPERATOR, [14_003]);
    const asked = accepted(await node.cancelReceipt(receiptId));
    await node.decide(asked.id, true);
    expect(await node.refundOf(asked.id)).toMatchObject({ status: 'sent' });
    const declined = {
      noticeId: 'notice-1',
      operationId: `refund-${asked.id}`,
      tenant: TENANT,
      outcome: 'declined',
      amount: fen(14_003),
      reference: '',
      reason: 'ACCOUNT_CLOSED',
      at: at.time.clock.now(),
    } as const;
    expect(await node.notices.receive(declined)).toBe('taken');
    expect(await node.notices.receive(declined)).toBe('taken');
    expect(await node.refundOf(asked.id)).toMatchObject({ status: 'rejected', by: 'bank', complete: true });
    expect(await billStateOf(node.payments, bills[0]!)).toMatchObject({ outstanding: 14_003n });
    const exceeds = { accepted: false, rejection: { code: 'REFUND_EXCEEDS_PAYMENT' } };
    expect(await node.request({ paymentId, key: 'refund-2' })).toMatchObject(exceeds);
    const events = await recordedEvents(at.world.log);
    const cases = events.filter(({ type }) => type === 'CaseOpened.v2');
    expect(cases.map(({ data }) => data['kind'])).toEqual(['refundReturnedByBank']);
    expect(await faultsOf(at)).toEqual([]);
  });
});

describe('a cheque that its bank did not honour', () => {
  it('opens the bills again and moves no money to the payer', async () => {
    await using at = await refundWorld();
    const node = refundNode(at);
    const { paymentId, bills } = await paid(node, CHEQUE, [3_000, 5_000]);
    const asked = accepted(await node.dishonour(paymentId));
    expect(asked).toMatchObject({ kind: 'CHEQUE_DISHONOUR', status: 'REQUESTED', amount: fen(8_000) });
    await node.decide(asked.id, true);
    expect(await node.refundOf(asked.id)).toMatchObject({ status: 'returned', complete: true });
    expect(await node.confirm(asked.id)).toMatchObject({ rejection: { code: 'REFUND_NOT_BY_HAND' } });
    for (const [index, billId] of bills.entries()) {
      const bill = await billStateOf(node.payments, billId);
      expect(bill).toMatchObject({ status: 'issued', paid: 0n, outstanding: [3_000n, 5_000n][index] });
    }
    const balances = new Map<string, bigint>();
    for (const { data } of await recordedEvents(at.world.log)) {
      const postings = (data['postings'] ?? []) as {
        source: string;
        destination: string;
        amount: { amount: string };
      }[];
      for (const { source, destination, amount } of postings) {
        balances.set(source, (balances.get(source) ?? 0n) - BigInt(amount.amount));
        balances.set(destination, (balances.get(destination) ?? 0n) + BigInt(amount.amount));
      }
    }
    expect([...balances.values()].every((balance) => balance === 0n)).toBe(true);
    expect(await faultsOf(at)).toEqual([]);
  });

  it('is a cheque', async () => {
    await using at = await refundWorld();
    const node = refundNode(at);
    const { paymentId } = await paid(node, CASH, [3_000]);
    expect(await node.dishonour(paymentId)).toMatchObject({ rejection: { code: 'NOT_A_CHEQUE' } });
  });
});
