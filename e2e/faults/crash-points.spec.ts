import { Logger } from '@nestjs/common';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { exportLog } from '#apps/cli/export.js';
import { type CheckReport, checkLog } from '#e2e/checker/check.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import { callerOf } from '#libs/testing/callers.js';
import { type Death, mortalLog } from '#libs/testing/mortal-log.js';
import { finishOne, OPERATOR, type OutsideWorld, payOne } from '#libs/testing/outside-world.js';
import { fen, recordedEvents } from '#libs/testing/payment-world.js';
import { finishRefunds, refundNode, type RefundNode, refundWorld } from '#libs/testing/refund-world.js';

/**
 * Death at every place between two steps, judged by the checker over the log and the books of the bank. A step is an append or a
 * call to the bank, so that these places are right before and right after each append: after the one that stores the intent
 * nobody has called yet; before the next one the bank has done it and nobody has heard. That needs nothing in the product, where
 * a switch in its environment would; what SIGKILL does to a file is proven beside (kill9.spec.ts).
 */
const PAYER = callerOf('payer', 'payer-1');

/** What one process does until it dies: a payment by the operator, money back in part, the receipt of another cancelled. */
async function live(node: RefundNode, fenPaid: number): Promise<void> {
  const first = await payAndWait(node, 'key-1', fenPaid);
  if (first === undefined) return;
  await node.request({ paymentId: first.paymentId, lines: [{ billId: first.billId, amount: fen(700) }] });
  const second = await payAndWait(node, 'key-2', 60_000);
  if (second === undefined) return;
  const asked = await node.request({ paymentId: second.paymentId, key: 'refund-2' });
  if (asked.accepted) await node.decide(asked.value.id, true);
}

async function payAndWait(node: RefundNode, key: string, fenPaid: number) {
  const { payments, at } = node;
  const billId = await payments.issueBill(key, fenPaid);
  const paid = await payments.pay(PAYER, payOne(billId, fenPaid, OPERATOR, key));
  await at.bank.deliver();
  if (!paid.accepted || !isUuid(paid.value.id)) return undefined;
  await finishOne(payments, paid.value.id);
  return { paymentId: paid.value.id, billId };
}

/** The processes after it: as often as they need to bring everything to its end, and the requests that were never answered. */
async function goOn(at: OutsideWorld): Promise<CheckReport> {
  for (let turn = 0; ; turn += 1) {
    const node = refundNode(at);
    await at.bank.deliver();
    for (const { type, data } of await recordedEvents(at.world.log)) {
      if (type.startsWith('PaymentInitiated.'))
        await finishOne(node.payments, String(data['paymentId'])).catch(() => undefined);
    }
    await finishRefunds(at, node).catch(() => undefined);
    const report = await judge(at);
    if (report.holds || turn === 5) return report;
  }
}

async function judge(at: OutsideWorld): Promise<CheckReport> {
  let log = '';
  await exportLog(at.world.log, (text) => {
    log += text;
    return Promise.resolve();
  });
  const known = new Set(log.match(/(payment|refund|return|transfer)-[0-9a-f-]{36}/g));
  const effects = (await at.bank.effects()).filter(({ operationId }) => known.has(operationId));
  return checkLog({ log: log.split('\n'), effects: effects.map((effect) => JSON.stringify(effect)) });
}

function violated({ rules }: CheckReport): readonly string[] {
  return rules.flatMap(({ invariant, first }) => (first === undefined ? [] : [`${invariant}: ${first}`]));
}

beforeAll(() => Logger.overrideLogger(false));

/** Appends of a payment by the operator that is captured. */
const OF_THE_PAYMENT = 9;

// What follows the first payment is the same whatever became of it: for the others it dies within the payment.
describe.each([
  ['succeeds at once', 2_000, Infinity],
  ['is answered by a notice', 2_003, OF_THE_PAYMENT],
  ['is declined and succeeds later', 2_005, OF_THE_PAYMENT],
  ['gets lost on the way', 2_006, OF_THE_PAYMENT],
])('a payment by the operator that %s, and refunds', (_, fenPaid, upTo) => {
  it('hold every invariant after a death at any place between two steps', async () => {
    await using whole = await refundWorld();
    const mortal = mortalLog(whole.world.log, undefined);
    await live(refundNode(whole, mortal.log), fenPaid);
    const lived = await goOn(whole);
    expect(violated(lived)).toEqual([]);
    if (upTo === Infinity) expect(lived).toMatchObject({ captured: 2, refunds: 2, open: [] });
    expect(mortal.appends()).toBeGreaterThan(10);
    for (let append = 1; append <= Math.min(upTo, mortal.appends()); append += 1) {
      for (const moment of ['before', 'after'] as const) {
        const death: Death = { append, moment };
        await using at = await refundWorld();
        await live(refundNode(at, mortalLog(at.world.log, death).log), fenPaid).catch(() => undefined);
        expect({ ...death, violated: violated(await goOn(at)) }).toEqual({ ...death, violated: [] });
      }
    }
  }, 60_000);
});
