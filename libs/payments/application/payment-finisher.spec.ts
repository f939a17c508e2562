import { describe, expect, it } from '@jest/globals';
import type { EventLog } from '#libs/event-log/port/index.js';
import type { WalletId } from '#libs/kernel/ids/index.js';
import { MemoryEventLog } from '#libs/testing/memory-event-log.js';
import { mortalLog, type MortalLog } from '#libs/testing/mortal-log.js';
import { auditPayments } from '#libs/testing/payment-audit.js';
import { callerOf, fen, recordedEvents, requestOf } from '#libs/testing/payment-world.js';
import { productWorld, type ProductWorld } from '#libs/testing/product-world.js';
import { billContent, defineFeeItem, issueBill, ops, payer } from '#libs/testing/school-fixture.js';
import { OpenPayments, OpenWallet, PayBills, TopUpWallet } from '../contract/index.js';

async function wallet(world: ProductWorld): Promise<WalletId> {
  const opened = await world.execute(new OpenWallet(payer(), { idempotencyKey: 'o', label: 'main' }));
  if (!opened.accepted) throw new Error(opened.rejection.code);
  const walletId = opened.value.id;
  await world.execute(
    new TopUpWallet(payer(), { idempotencyKey: 'f', walletId, amount: fen(50_000) }),
  );
  return walletId;
}

/** A log on which five payments were left behind, each by a process that died at another step. */
async function leftBehind(): Promise<EventLog> {
  const log = new MemoryEventLog();
  for (let step = 1; step <= 5; step += 1) {
    let mortal: MortalLog | undefined;
    let setUp = true;
    await using world = await productWorld({
      log,
      // The set-up is not what dies.
      writeTo: (inner) => {
        mortal = mortalLog(inner, { append: step, moment: 'after' });
        const doomed = mortal.log;
        return new Proxy(inner, {
          get: (target, property) => {
            const source = setUp ? target : doomed;
            const value: unknown = Reflect.get(source, property, source);
            return typeof value === 'function' ? (value.bind(source) as unknown) : value;
          },
        });
      },
    });
    const walletId = await wallet(world);
    const billId = await issueBill(world, billContent(await defineFeeItem(world, 'TUITION'), `000${step}`));
    setUp = false;
    const input = {
      idempotencyKey: `key-${step}`,
      bills: [{ billId }],
      expectedTotal: fen(1_000),
      method: { channel: 'wallet' as const, walletId },
    };
    await expect(world.execute(new PayBills(payer(), input))).rejects.toThrow();
    expect(mortal?.dead()).toBe(true);
  }
  return log;
}

describe('the finisher of payments', () => {
  it('ends at the start everything that crashes left open', async () => {
    const log = await leftBehind();
    await using world = await productWorld({ log });
    const open = await world.query(new OpenPayments(ops));
    expect(open.map(({ status }) => status)).toEqual([
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
    expect(failed.map(({ data }) => (data['failure'] as { code: string }).code)).toEqual(['PAYMENT_INTERRUPTED']);
    expect(failed[0]!.metadata['actor']).toBe('system:payment-finisher');
  });

  it('leaves alone what is still moving, and finishes it once it is idle', async () => {
    const log = await leftBehind();
    await using world = await productWorld({ log });
    await world.consumers.caughtUp();
    await world.finisher.sweep(60_000);
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
