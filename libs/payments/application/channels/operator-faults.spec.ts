import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import type { PaymentMethod } from '../../contract/index.js';
import { mortalLog, type Death } from '#libs/testing/mortal-log.js';
import {
  finishOne,
  OPERATOR,
  outsideWorld,
  payOne,
  PAYER,
  type OutsideWorld,
} from '#libs/testing/outside-world.js';
import { auditPayments } from '#libs/testing/payment-audit.js';
import {
  fen,
  paymentNode,
  paymentWorld,
  recordedEvents,
  type PaymentWorld,
} from '#libs/testing/payment-world.js';

/** One bank for all; every scenario has a log and a key of its own. */
let at: OutsideWorld;
beforeAll(async () => {
  at = await outsideWorld();
});
afterAll(async () => {
  await at[Symbol.asyncDispose]();
});

let scenarios = 0;

interface Scenario {
  readonly world: PaymentWorld;
  readonly input: ReturnType<typeof payOne>;
}

async function scenario(amountFen: number, method: PaymentMethod): Promise<Scenario> {
  const { external, runtime } = at.world;
  const world = paymentWorld(external, runtime);
  const billId = await paymentNode(world).issueBill('0001', amountFen);
  scenarios += 1;
  return { world, input: payOne(billId, amountFen, method, `key-${scenarios}`) };
}

async function paymentIdsIn(world: PaymentWorld): Promise<readonly string[]> {
  const events = await recordedEvents(world.log);
  return events
    .filter(({ type }) => type === 'PaymentInitiated.v2')
    .map(({ data }) => data['paymentId'] as string);
}

/** The bank tells what it has to tell, and the finisher goes over what is open; a process may die in it. */
async function round({ world, input }: Scenario, death?: Death): Promise<void> {
  const node = paymentNode(world, mortalLog(world.log, death).log);
  at.bank.bind(node.notices);
  await at.bank.deliver();
  for (const id of await paymentIdsIn(world)) await finishOne(node, id).catch(() => undefined);
  const code = await remittanceCodeIn(world);
  if (code !== undefined) await at.bank.credit(PAYER.tenant, code, input.expectedTotal);
}

async function remittanceCodeIn(world: PaymentWorld): Promise<string | undefined> {
  const instructed = (await recordedEvents(world.log)).find(({ type }) => type === 'PaymentInstructed.v1');
  return instructed?.data['remittanceCode'] as string | undefined;
}

/** Until nothing is left to do: a handful of rounds whatever has happened. */
async function goOn(of: Scenario): Promise<readonly string[]> {
  let faults: readonly string[] = [];
  for (let turn = 0; turn < 6; turn += 1) {
    await round(of);
    faults = auditPayments(await recordedEvents(of.world.log));
    if (faults.length === 0) break;
  }
  return faults;
}

/** Money moved at the bank at most once per payment, and exactly as often as our books say. */
async function effectsOf({ world }: Scenario): Promise<readonly string[]> {
  const events = await recordedEvents(world.log);
  const faults: string[] = [];
  for (const id of await paymentIdsIn(world)) {
    const sought = events.some(
      ({ type, stream }) => type === 'PaymentAuthorisationSought.v1' && stream === `payment-${id}`,
    );
    if (!sought) continue;
    const booked = events.filter(
      ({ type, stream }) =>
        stream === `payment-${id}` &&
        (type === 'PaymentCaptured.v1' || type === 'PaymentLateSuccessRecorded.v1'),
    ).length;
    const moved = (await at.bank.effectOf(`payment-${id}`))?.moved ?? 0;
    if (moved !== booked || booked > 1) faults.push(`${id}: moved ${moved}, booked ${booked}`);
  }
  return faults;
}

const kinds: Record<string, { readonly amountFen: number; readonly method: PaymentMethod }> = {
  'succeeds at once': { amountFen: 14_000, method: OPERATOR },
  'is declined': { amountFen: 14_001, method: OPERATOR },
  'gets no answer but succeeds': { amountFen: 14_002, method: OPERATOR },
  'is answered by a notice': { amountFen: 14_003, method: OPERATOR },
  'is declined and succeeds later': { amountFen: 14_005, method: OPERATOR },
  'gets lost on the way': { amountFen: 14_006, method: OPERATOR },
  'waits for a transfer': { amountFen: 20_000, method: { channel: 'transfer' } },
};

describe.each(Object.entries(kinds))('a crash between any two steps of a payment that %s', (_name, kind) => {
  const make = () => scenario(kind.amountFen, kind.method);

  it('leaves nothing open and nothing doubled, here and at the bank', async () => {
    const whole = await make();
    const mortal = mortalLog(whole.world.log, undefined);
    await paymentNode(whole.world, mortal.log).pay(PAYER, whole.input);
    const appends = mortal.appends();
    expect(appends).toBeGreaterThan(2);
    expect(await goOn(whole)).toEqual([]);
    for (let append = 1; append <= appends; append += 1) {
      for (const moment of ['before', 'after'] as const) {
        const of = await make();
        const doomed = paymentNode(of.world, mortalLog(of.world.log, { append, moment }).log);
        await doomed.pay(PAYER, of.input).catch(() => undefined);
        // The process after it dies as well, at another step, while it takes notices and finishes.
        await round(of, { append: 1 + ((append + (moment === 'after' ? 1 : 0)) % 5), moment });
        const faults = [...(await goOn(of)), ...(await effectsOf(of))];
        expect({ append, moment, faults }).toEqual({ append, moment, faults: [] });
        const answer = await paymentNode(of.world).pay(PAYER, of.input).catch(String);
        expect(typeof answer).toBe('object');
      }
    }
  });
});

describe('two processes that go on with one payment at once', () => {
  it('book what the bank did, once', async () => {
    for (const amountFen of [14_000, 14_002, 14_003, 14_005, 14_006]) {
      const of = await scenario(amountFen, OPERATOR);
      const [one, other] = [paymentNode(of.world), paymentNode(of.world)];
      await Promise.allSettled([one.pay(PAYER, of.input), other.pay(PAYER, of.input)]);
      at.bank.bind(other.notices);
      const [id] = await paymentIdsIn(of.world);
      const paymentId = asId<'payment'>(id!);
      await Promise.allSettled([
        at.bank.deliver(),
        finishOne(one, paymentId),
        finishOne(other, paymentId),
        one.cancel(PAYER, paymentId),
      ]);
      const faults = [...(await goOn(of)), ...(await effectsOf(of))];
      expect({ amountFen, faults }).toEqual({ amountFen, faults: [] });
    }
  });

  it('pays a bill once though two payers ask two channels at the same time', async () => {
    const of = await scenario(30_000, OPERATOR);
    const node = paymentNode(of.world);
    const walletId = await node.openWallet('payer-1', 30_000);
    const { bills } = of.input;
    const byWallet = {
      idempotencyKey: 'w',
      bills,
      expectedTotal: fen(30_000),
      method: { channel: 'wallet', walletId } as const,
    };
    const answers = await Promise.all([
      node.pay(PAYER, of.input),
      paymentNode(of.world).pay(PAYER, byWallet),
    ]);
    expect(answers.filter(({ accepted }) => accepted)).toHaveLength(1);
    expect([...(await goOn(of)), ...(await effectsOf(of))]).toEqual([]);
  });
});
