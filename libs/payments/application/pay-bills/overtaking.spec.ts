import { describe, expect, it } from '@jest/globals';
import { mortalLog } from '#libs/testing/mortal-log.js';
import { auditPayments } from '#libs/testing/payment-audit.js';
import { finishAll, payBoth, scenario } from '#libs/testing/payment-fixture.js';
import { callerOf, fen, paymentNode, recordedEvents } from '#libs/testing/payment-world.js';

describe('two processes on one payment', () => {
  it('the finisher of one overtakes the slow request of the other at every step, without a double effect', async () => {
    for (let slowAt = 1; slowAt <= 12; slowAt += 1) {
      const of = await scenario(5_000);
      const input = payBoth(of);
      let appends = 0;
      let release: () => void = () => undefined;
      const stuck = new Promise<void>((resolve) => (release = resolve));
      const slow = mortalLog(of.world.log, undefined, () => {
        appends += 1;
        return appends === slowAt ? stuck : Promise.resolve();
      });
      const paying = paymentNode(of.world, slow.log).pay(callerOf('payer', 'payer-1'), input);
      for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
      await finishAll(of.world, paymentNode(of.world));
      release();
      await paying;
      await finishAll(of.world, paymentNode(of.world));
      const faults = auditPayments(await recordedEvents(of.world.log));
      expect({ slowAt, faults }).toEqual({ slowAt, faults: [] });
    }
  });
});

describe('a hold that arrives after its payment has failed elsewhere', () => {
  it('is barred, also when the wallet could bear it by then', async () => {
    const of = await scenario(3_000);
    const other = await paymentNode(of.world).issueBill('0003', 3_000);
    let appends = 0;
    let release: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => (release = resolve));
    // Initiated, reserved, reserved, and then the hold is slow.
    const slow = mortalLog(of.world.log, undefined, () => ((appends += 1) === 4 ? stuck : Promise.resolve()));
    const payer = callerOf('payer', 'payer-1');
    const paying = paymentNode(of.world, slow.log).pay(payer, payBoth(of));
    await new Promise((resolve) => setImmediate(resolve));
    const node = paymentNode(of.world);
    const drained = await node.pay(payer, {
      idempotencyKey: 'key-2',
      bills: [{ billId: other }],
      expectedTotal: fen(3_000),
      method: { channel: 'wallet', walletId: of.walletId },
    });
    expect(drained.accepted).toBe(true);
    await finishAll(of.world, node);
    await node.openWallet('payer-1', 9_000);
    release();
    expect(await paying).toMatchObject({ accepted: false, rejection: { code: 'INSUFFICIENT_FUNDS' } });
    expect(auditPayments(await recordedEvents(of.world.log))).toEqual([]);
  });
});
