/** Payments by an institution outside: the real sandbox bank over HTTP, and as many of our processes as a spec needs. */
import { asId, type BillId, type PaymentId } from '#libs/kernel/ids/index.js';
import { addMs, parseInstant, type Instant } from '#libs/kernel/time/index.js';
import type { EventSet } from '#libs/event-log/codec/types.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import type { PayBillsInput, PaymentMethod } from '#libs/payments/contract/index.js';
import { paymentAggregate } from '#libs/payments/codec/index.js';
import type { KnownPayment } from '#libs/payments/domain/payment/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { auditPayments } from './payment-audit.js';
import {
  callerOf,
  fen,
  paymentNode,
  paymentWorld,
  recordedEvents,
  type PaymentNode,
  type PaymentWorld,
} from './payment-world.js';
import { sandboxBank, type SandboxControls } from './sandbox-bank.js';

export const PAYER = callerOf('payer', 'payer-1');

/** A clock that stands still until it is moved; the bank goes by it too. */
export interface StandingClock {
  readonly clock: Runtime['clock'];
  pass(ms: number): void;
}

export function standingClock(start = '2026-09-01T00:00:00.000Z'): StandingClock {
  let now: Instant = parseInstant(start);
  const { monotonicMs } = systemRuntime().clock;
  return {
    clock: { now: () => now, monotonicMs },
    pass(ms) {
      now = addMs(now, ms);
    },
  };
}

export interface OutsideWorld extends AsyncDisposable {
  readonly world: PaymentWorld;
  readonly bank: SandboxControls;
  readonly time: StandingClock;
  /** A process of ours. Notices go to the one that was made last, as after a restart. */
  node(log?: EventLog): PaymentNode;
}

/**
 * The bank brings its notices only when told to (`bank.deliver`). Requests that would wait for one wait no longer than
 * `patienceMs` of real time; a bank without an answer is waited for `deadlineMs` of it.
 */
export async function outsideWorld(
  patienceMs = 0,
  deadlineMs = 250,
  more: readonly EventSet[] = [],
): Promise<OutsideWorld> {
  const time = standingClock();
  const system = systemRuntime();
  const { channel, controls, close } = await sandboxBank({ clock: time.clock, deadlineMs });
  controls.hold();
  const timers: Runtime['timers'] = {
    ...system.timers,
    after: (ms, run) => system.timers.after(Math.min(ms, ms === 2_000 ? patienceMs : ms), run),
  };
  const world = paymentWorld(channel, { ...system, clock: time.clock, timers }, more);
  return {
    world,
    bank: controls,
    time,
    node(log) {
      const node = paymentNode(world, log ?? world.log);
      controls.bind(node.notices);
      return node;
    },
    [Symbol.asyncDispose]: close,
  };
}

export const OPERATOR: PaymentMethod = { channel: 'operator', payerToken: 'token-1' };

export function payOne(
  billId: BillId,
  totalFen: number,
  method: PaymentMethod,
  key = 'key-1',
): PayBillsInput {
  return { idempotencyKey: key, bills: [{ billId }], expectedTotal: fen(totalFen), method };
}

export async function paymentOf(node: PaymentNode, paymentId: string): Promise<KnownPayment> {
  const { state } = await node.store.load(paymentAggregate, paymentId);
  if (state.status === 'absent') throw new Error(`There is no payment ${paymentId}.`);
  return state;
}

export const FINISHER = { actor: 'system:payment-finisher', correlationId: 'finisher' };

export async function finishOne(node: PaymentNode, paymentId: string): Promise<void> {
  await node.process.finishLeftBehind(asId<'payment'>(paymentId), FINISHER);
}

/** What goes on after the bank's notice was answered. */
export async function settled(
  node: PaymentNode,
  paymentId: PaymentId,
  isDone: (payment: KnownPayment) => boolean,
) {
  for (let turn = 0; turn < 400; turn += 1) {
    const payment = await paymentOf(node, paymentId);
    if (isDone(payment)) return payment;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`Payment ${paymentId} is still ${(await paymentOf(node, paymentId)).status}.`);
}

/** A bill of the amount and a payer about to pay it by the operator. */
export async function paying(at: OutsideWorld, amountFen: number) {
  const node = at.node();
  const billId = await node.issueBill('0001', amountFen);
  const input = payOne(billId, amountFen, OPERATOR);
  return { node, billId, input, pay: () => node.pay(PAYER, input) };
}

/** Names of everything stored, without versions. */
export async function typesIn(at: OutsideWorld): Promise<readonly string[]> {
  return (await recordedEvents(at.world.log)).map(({ type }) => type.replace(/\.v\d$/, ''));
}

export async function faultsIn(at: OutsideWorld): Promise<readonly string[]> {
  return auditPayments(await recordedEvents(at.world.log));
}
