import { describe, expect, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { auditPayments } from '#libs/testing/payment-audit.js';
import { accepted, byWallet, payer, ready } from '#libs/testing/payment-fixture.js';
import { callerOf, fen, paymentNode, recordedEvents } from '#libs/testing/payment-world.js';
import type { PayBillsInput } from '../../contract/index.js';

describe('one idempotency key', () => {
  it('makes one payment of a thousand concurrent calls, in one process and in two', async () => {
    const { world, node, billId, walletId } = await ready();
    const second = paymentNode(world);
    const input = byWallet(walletId, [billId], 14_095);
    const calls = Array.from({ length: 1_000 }, (_, index) => (index % 2 ? node : second).pay(payer, input));
    const payments = (await Promise.all(calls)).map(accepted);
    for (const payment of payments) expect(payment).toEqual(payments[0]);
    const events = await recordedEvents(world.log);
    expect(events.filter(({ type }) => type === 'PaymentInitiated.v2')).toHaveLength(1);
    expect(auditPayments(events)).toEqual([]);
  });

  it('answers the same payment after a restart, bills named in any order', async () => {
    const { world, node, billId, walletId } = await ready();
    const other = await node.issueBill('0002', 1_000);
    const first = accepted(await node.pay(payer, byWallet(walletId, [billId, other], 15_095)));
    const again = byWallet(walletId, [other, billId], 15_095);
    expect(accepted(await paymentNode(world).pay(payer, again))).toEqual(first);
  });

  it('refuses another input, and is another key for another account', async () => {
    const { node, billId, walletId } = await ready();
    const input = byWallet(walletId, [billId], 14_095);
    accepted(await node.pay(payer, input));
    const others: PayBillsInput[] = [
      { ...input, expectedTotal: fen(14_096) },
      { ...input, bills: [{ billId, amount: fen(14_095) }] },
      { ...input, method: { channel: 'wallet', walletId: asId('00000000-0000-8000-8000-000000000000') } },
    ];
    for (const other of others) {
      expect(await node.pay(payer, other)).toMatchObject({
        accepted: false,
        rejection: { code: 'IDEMPOTENCY_CONFLICT', path: ['input', 'idempotencyKey'] },
      });
    }
    expect(await node.pay(callerOf('payer', 'payer-2'), input)).toMatchObject({
      accepted: false,
      rejection: { code: 'BILL_ALREADY_PAID' },
    });
  });
});
