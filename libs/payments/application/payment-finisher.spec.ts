import { describe, expect, it } from '@jest/globals';
import type { EventLog } from '#libs/event-log/port/index.js';
import { mortalLog } from '#libs/testing/mortal-log.js';
import { auditPayments } from '#libs/testing/payment-audit.js';
import { byWallet } from '#libs/testing/payment-fixture.js';
import {
  callerOf,
  fen,
  paymentNode,
  paymentWorld,
  recordedEvents,
  requestOf,
} from '#libs/testing/payment-world.js';
import { productWorld } from '#libs/testing/product-world.js';
import { ops, payer } from '#libs/testing/school-fixture.js';
import { OpenPayments } from '../contract/index.js';

/** The payments lie in the past of the real clock that the finisher goes by here. */
const TEN_YEARS_MS = 3.2e11;

/** A log on which five payments were left behind, each by a process that died at another step. */
async function leftBehind(): Promise<EventLog> {
  const world = paymentWorld();
  const { log } = world;
  for (let step = 1; step <= 5; step += 1) {
    const setUp = paymentNode(world);
    const walletId = await setUp.openWallet('payer-1', 5_000);
    const billId = await setUp.issueBill(`000${step}`, 1_000);
    const mortal = mortalLog(log, { append: step, moment: 'after' });
    const input = { ...byWallet(walletId, [billId], 1_000), idempotencyKey: `key-${step}` };
    await expect(paymentNode(world, mortal.log).pay(callerOf('payer', 'payer-1'), input)).rejects.toThrow();
    expect(mortal.dead()).toBe(true);
  }
  return log;
}

describe('the finisher of payments', () => {
  it('ends at the start everything that crashes left open', async () => {
    const log = await leftBehind();
    await using world = await productWorld({ log });
    const open = await world.query(new OpenPayments(ops));
    expect(open.map(({ status }) => status).sort()).toEqual([
      'AUTHORISING',
      'AUTHORISING',
      'AUTHORISING',
      'CAPTURED',
      'CAPTURED',
    ]);
    expect(open[0]).toMatchObject({
      account: 'payer-1',
      channel: 'wallet',
      total: fen(1_000),
      reason: null,
    });
    expect(await world.query(new OpenPayments(payer()))).toEqual([]);
    await world.finisher.start();
    await world.finisher.stop();
    expect(await world.query(new OpenPayments(ops))).toEqual([]);
    const events = await recordedEvents(log);
    expect(auditPayments(events)).toEqual([]);
    expect(events.filter(({ type }) => type === 'PaymentCaptured.v1')).toHaveLength(4);
    const failed = events.filter(({ type }) => type === 'PaymentFailed.v1');
    expect(failed.map(({ data }) => (data['failure'] as { code: string }).code)).toEqual([
      'PAYMENT_INTERRUPTED',
    ]);
    expect(failed[0]!.metadata['actor']).toBe('system:payment-finisher');
  });

  it('leaves alone what is still moving, and finishes it once it is idle', async () => {
    const log = await leftBehind();
    await using world = await productWorld({ log });
    await world.consumers.caughtUp();
    await world.finisher.sweep(TEN_YEARS_MS);
    expect(await world.query(new OpenPayments(ops))).toHaveLength(5);
    await world.finisher.sweep(0);
    expect(await world.query(new OpenPayments(ops))).toEqual([]);
  });

  it('keeps what cannot be finished on the list, with the reason, and never gives up', async () => {
    const log = await leftBehind();
    let broken = true;
    const writeTo = (inner: EventLog): EventLog =>
      new Proxy(inner, {
        get(target, property) {
          if (property === 'append' && broken) {
            return () => Promise.reject(new Error('The disk is full.'));
          }
          const value: unknown = Reflect.get(target, property, target);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
    await using world = await productWorld({ log, writeTo });
    await world.consumers.caughtUp();
    await world.finisher.sweep(0);
    const stuck = await world.query(new OpenPayments(requestOf(callerOf('auditor', 'a'))));
    expect(stuck.map(({ reason }) => reason)).toEqual(Array(5).fill('Error: The disk is full.'));
    broken = false;
    // Not tried again at once: attempts are paced.
    await world.finisher.sweep(0);
    expect(await world.query(new OpenPayments(ops))).toHaveLength(5);
  });
});
