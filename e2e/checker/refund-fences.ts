import { amountOf, type ExportedEvent, idIn, minorOf, nameOf, recordsOf, textOf } from './export.js';
import type { FoldedPayment } from './folded-payment.js';
import { at } from './order-and-chain.js';
import type { Payments } from './payments.js';
import { Verdict } from './verdict.js';

type Lines = ReadonlyMap<string, bigint>;

interface Fence {
  readonly held: Map<string, Lines>;
  readonly settled: Map<string, Lines>;
  readonly released: Set<string>;
}

const FENCE_EVENTS = new Set(['PaymentRefundHeld', 'PaymentRefundReleased', 'PaymentRefunded']);

/** What refunds hold and have given back of a payment is never more than was paid, per bill and in all. */
export class RefundFences {
  readonly verdict = new Verdict(
    'refunds',
    'held and refunded never exceed what was paid, per payment and bill',
  );
  readonly #fences = new Map<string, Fence>();

  constructor(private readonly payments: Payments) {}

  observe(event: ExportedEvent): void {
    const id = idIn('payment', event.stream);
    const name = nameOf(event.type);
    if (id === undefined || !FENCE_EVENTS.has(name)) return;
    const payment = this.payments.payments.get(id);
    if (!payment) return;
    let fence = this.#fences.get(id);
    if (!fence) this.#fences.set(id, (fence = { held: new Map(), settled: new Map(), released: new Set() }));
    const refundId = textOf(event.data['refundId']);
    const before = fence.held.get(refundId);
    if (name === 'PaymentRefundReleased') {
      this.verdict.expect(
        !fence.settled.has(refundId),
        () => `${at(event)}: released after it was given back`,
      );
      fence.held.delete(refundId);
      fence.released.add(refundId);
    } else {
      const lines = linesOf(event);
      const settles = name === 'PaymentRefunded';
      const first = !fence.settled.has(refundId) && !fence.released.has(refundId);
      this.verdict.expect(
        first && (settles ? before !== undefined && sumOf(before) === sumOf(lines) : before === undefined),
        () => `${at(event)}: ${settles ? 'given back' : 'held'} again, after its end or without a hold`,
      );
      fence.held.delete(refundId);
      (settles ? fence.settled : fence.held).set(refundId, lines);
    }
    this.#within(payment, fence, event);
  }

  /** Minor units that the payment has set aside for the refund, or given back to it. */
  heldBy(paymentId: string, refundId: string): bigint {
    const fence = this.#fences.get(paymentId);
    return sumOf(fence?.held.get(refundId) ?? fence?.settled.get(refundId) ?? new Map());
  }

  stateOf(paymentId: string, refundId: string): 'held' | 'settled' | 'released' | 'absent' {
    const fence = this.#fences.get(paymentId);
    if (fence?.held.has(refundId)) return 'held';
    if (fence?.settled.has(refundId)) return 'settled';
    return fence?.released.has(refundId) ? 'released' : 'absent';
  }

  #within(payment: FoldedPayment, fence: Fence, event: ExportedEvent): void {
    const parts = [...fence.held.values(), ...fence.settled.values()];
    for (const billId of new Set(parts.flatMap((lines) => [...lines.keys()]))) {
      const taken = parts.reduce((sum, lines) => sum + (lines.get(billId) ?? 0n), 0n);
      const paid = payment.bills.reduce((sum, bill) => sum + (bill.billId === billId ? bill.minor : 0n), 0n);
      this.verdict.expect(taken <= paid, () => `${at(event)}: ${taken} of ${paid} paid on bill ${billId}`);
    }
    const settled = [...fence.settled.values()].reduce((sum, lines) => sum + sumOf(lines), 0n);
    const all = parts.reduce((sum, lines) => sum + sumOf(lines), 0n);
    const paid = payment.bills.reduce((sum, { minor }) => sum + minor, 0n);
    const { refundableAfter, refundedAfter, amount } = event.data;
    const right =
      (refundableAfter === undefined || minorOf(refundableAfter) === paid - all) &&
      (refundedAfter === undefined || minorOf(refundedAfter) === settled) &&
      amountOf(amount)?.asset === payment.asset;
    this.verdict.expect(right, () => `${at(event)}: ${all} of ${paid} held or given back by the fold`);
  }
}

function linesOf(event: ExportedEvent): Lines {
  const lines = new Map<string, bigint>();
  for (const line of recordsOf(event.data['lines'])) {
    const billId = textOf(line['billId']);
    lines.set(billId, (lines.get(billId) ?? 0n) + minorOf(line['amount']));
  }
  return lines;
}

function sumOf(lines: Lines): bigint {
  return [...lines.values()].reduce((sum, minor) => sum + minor, 0n);
}
