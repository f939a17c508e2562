import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asId, type PaymentId } from '#libs/kernel/ids/index.js';
import { mortalLog, type Death } from '#libs/testing/mortal-log.js';
import { auditPayments } from '#libs/testing/payment-audit.js';
import { finishAll, payBoth, scenario, type Scenario } from '#libs/testing/payment-fixture.js';
import {
  callerOf,
  fen,
  OTHER_SCHOOL,
  paymentNode,
  paymentWorld,
  recordedEvents,
  SCHOOL,
  type PaymentWorld,
} from '#libs/testing/payment-world.js';
import type { PayBillsInput } from '../../contract/index.js';

/** Moments at which the process can die in a payment of so many appends. */
function deathsIn(appends: number): readonly Death[] {
  return Array.from({ length: appends }, (_, index) => index + 1).flatMap((append) => [
    { append, moment: 'before' as const },
    { append, moment: 'after' as const },
  ]);
}

async function statusOf(world: PaymentWorld, paymentId: PaymentId): Promise<string> {
  const events = await recordedEvents(world.log);
  return events.findLast(({ stream }) => stream === `payment-${paymentId}`)?.type ?? 'none';
}

const kinds: Record<
  string,
  { balance: number; inputOf(of: Scenario): PayBillsInput; role: 'payer' | 'clerk' }
> = {
  'a wallet payment of two bills': {
    balance: 5_000,
    role: 'payer',
    inputOf: payBoth,
  },
  'a cash payment': {
    balance: 0,
    role: 'clerk',
    inputOf: ({ bills }) => ({
      idempotencyKey: 'key-1',
      bills: bills.map((billId) => ({ billId })),
      expectedTotal: fen(3_000),
      method: { channel: 'cash', tendered: fen(4_000) },
    }),
  },
  'a payment that the wallet cannot bear': {
    balance: 2_999,
    role: 'payer',
    inputOf: payBoth,
  },
};

describe.each(Object.entries(kinds))('a crash between any two steps of %s', (_name, kind) => {
  const caller = callerOf(kind.role, `${kind.role}-1`);

  async function appendsWithoutCrash(): Promise<number> {
    const of = await scenario(kind.balance);
    const mortal = mortalLog(of.world.log, undefined);
    await paymentNode(of.world, mortal.log).pay(caller, kind.inputOf(of));
    return mortal.appends();
  }

  it('is finished cleanly after the restart, also when that crashes at any step itself', async () => {
    const appends = await appendsWithoutCrash();
    expect(appends).toBeGreaterThan(6);
    const later = deathsIn(6);
    for (const [index, first] of deathsIn(appends).entries()) {
      // Every single crash; of the pairs a third, evenly spread.
      const third = later.filter((_, position) => (position + index) % 3 === 0);
      for (const second of [undefined, ...third]) {
        const of = await scenario(kind.balance);
        const doomed = paymentNode(of.world, mortalLog(of.world.log, first).log);
        const answer = await doomed.pay(caller, kind.inputOf(of)).catch(() => 'died');
        if (answer !== 'died') expect({ first, answer }).toMatchObject({ first: { append: appends } });
        const again = mortalLog(of.world.log, second);
        await finishAll(of.world, paymentNode(of.world, again.log)).catch(() => undefined);
        await finishAll(of.world, paymentNode(of.world));
        const faults = auditPayments(await recordedEvents(of.world.log));
        expect({ first, second, faults }).toEqual({ first, second, faults: [] });
      }
    }
  });

  it('is answered to the client that asks again with the same key, and never captured twice', async () => {
    for (const death of deathsIn(await appendsWithoutCrash())) {
      const of = await scenario(kind.balance);
      const doomed = paymentNode(of.world, mortalLog(of.world.log, death).log);
      await doomed.pay(caller, kind.inputOf(of)).catch(() => undefined);
      const node = paymentNode(of.world);
      const answer = await node.pay(caller, kind.inputOf(of));
      await finishAll(of.world, node);
      expect(await node.pay(caller, kind.inputOf(of))).toEqual(answer);
      // With the client there, the payment goes the way it would have gone without the crash.
      expect({ death, accepted: answer.accepted }).toEqual({ death, accepted: kind.balance !== 2_999 });
      const faults = auditPayments(await recordedEvents(of.world.log));
      expect({ death, faults }).toEqual({ death, faults: [] });
    }
  });
});

describe('two payers at once on one bill', () => {
  it('exactly one of them pays it, whoever is faster', async () => {
    for (let run = 0; run < 120; run += 1) {
      const world = paymentWorld();
      const setUp = paymentNode(world);
      const billId = await setUp.issueBill('0001', 1_000);
      const wallets = [await setUp.openWallet('payer-1', 1_000), await setUp.openWallet('payer-2', 1_000)];
      const rng = world.runtime.rng;
      const pause = async (): Promise<void> => {
        for (let turns = rng.bytes(1)[0]! % 8; turns > 0; turns -= 1) await Promise.resolve();
      };
      for (let skip = 0; skip < run; skip += 1) rng.bytes(1);
      // In one process or in two.
      const nodes = [0, 1].map(() => paymentNode(world, mortalLog(world.log, undefined, pause).log));
      const outcomes = await Promise.all(
        wallets.map((walletId, index) =>
          nodes[run % 2 ? 0 : index]!.pay(callerOf('payer', `payer-${index + 1}`), {
            idempotencyKey: 'key-1',
            bills: [{ billId }],
            expectedTotal: fen(1_000),
            method: { channel: 'wallet', walletId },
          }),
        ),
      );
      const codes = outcomes
        .map((outcome) => (outcome.accepted ? 'CAPTURED' : outcome.rejection.code))
        .sort();
      expect(['BILL_ALREADY_PAID', 'BILL_RESERVED']).toContain(codes[0]);
      expect(codes[1]).toBe('CAPTURED');
      expect(auditPayments(await recordedEvents(world.log))).toEqual([]);
    }
  });
});

describe('any payments at once', () => {
  const payment = fc.record({
    payer: fc.constantFrom('payer-1', 'payer-2', 'clerk-1'),
    key: fc.constantFrom('a', 'b', 'c'),
    bills: fc.uniqueArray(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 3 }),
    part: fc.option(fc.integer({ min: 1, max: 1_200 }), { nil: undefined }),
    wrongTotal: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  });
  const crash = fc.option(
    fc.record({
      append: fc.integer({ min: 1, max: 40 }),
      moment: fc.constantFrom('before' as const, 'after' as const),
    }),
    { nil: undefined },
  );

  it('conserve money, pay no bill twice and all end, with a crash anywhere and pauses everywhere', async () => {
    const pauses = fc.infiniteStream(fc.integer({ min: 0, max: 6 }));
    const asked = fc.array(payment, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(asked, crash, pauses, async (payments, death, turnsOf) => {
        const world = paymentWorld();
        const setUp = paymentNode(world);
        const bills = [
          await setUp.issueBill('0001', 1_000),
          await setUp.issueBill('0002', 1_500),
          await setUp.issueBill('0003', 800, OTHER_SCHOOL),
        ];
        const wallets = {
          'payer-1': await setUp.openWallet('payer-1', 2_600),
          'payer-2': await setUp.openWallet('payer-2', 900),
        };
        const owed = [1_000, 1_500, 800];
        const pause = async (): Promise<void> => {
          for (let turns = turnsOf.next().value ?? 0; turns > 0; turns -= 1) await Promise.resolve();
        };
        const node = paymentNode(world, mortalLog(world.log, death, pause).log);
        await Promise.allSettled(
          payments.map(({ payer, key, bills: chosen, part, wrongTotal }) => {
            const total = chosen.reduce((sum, index) => sum + (part ?? owed[index]!), wrongTotal ? 1 : 0);
            const isClerk = payer === 'clerk-1';
            return node.pay(callerOf(isClerk ? 'clerk' : 'payer', payer, isClerk ? SCHOOL : undefined), {
              idempotencyKey: key,
              bills: chosen.map((index) => ({
                billId: bills[index]!,
                ...(part === undefined ? {} : { amount: fen(part) }),
              })),
              expectedTotal: fen(total),
              method: isClerk
                ? { channel: 'cash', tendered: fen(3_000) }
                : { channel: 'wallet', walletId: wallets[payer as keyof typeof wallets] },
            });
          }),
        );
        await finishAll(world, paymentNode(world));
        expect(auditPayments(await recordedEvents(world.log))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a payment left behind', () => {
  it('is captured when every bill was reserved, and ends as interrupted otherwise', async () => {
    const statuses: string[] = [];
    for (const append of [1, 2, 3, 4, 5]) {
      const of = await scenario(5_000);
      const doomed = paymentNode(of.world, mortalLog(of.world.log, { append, moment: 'after' }).log);
      const input = payBoth(of);
      await doomed.pay(callerOf('payer', 'payer-1'), input).catch(() => undefined);
      await finishAll(of.world, paymentNode(of.world));
      const initiated = (await recordedEvents(of.world.log)).find(
        ({ type }) => type === 'PaymentInitiated.v2',
      )!;
      statuses.push(await statusOf(of.world, asId(initiated.data['paymentId'] as string)));
      const answer = await paymentNode(of.world).pay(callerOf('payer', 'payer-1'), input);
      if (append <= 2) {
        expect(answer).toMatchObject({ accepted: false, rejection: { code: 'PAYMENT_INTERRUPTED' } });
      } else expect(answer).toMatchObject({ accepted: true, value: { status: 'CAPTURED' } });
    }
    expect(statuses).toEqual([
      'PaymentFailed.v1',
      'PaymentFailed.v1',
      'PaymentCaptured.v1',
      'PaymentCaptured.v1',
      'PaymentCaptured.v1',
    ]);
  });
});
