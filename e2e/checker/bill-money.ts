import { type Allocation, askedOf, type FoldedBill, promisedOf, type Share } from './bill-figures.js';
import { type Amount, amountOf, type ExportedEvent, minorOf, recordsOf } from './export.js';
import { at } from './order-and-chain.js';
import type { Verdict } from './verdict.js';

interface MoneyEvent {
  readonly event: ExportedEvent;
  readonly amount: Amount;
}

/** What payments and refunds do to a bill. */
export class BillMoney {
  constructor(
    private readonly notOverpaid: Verdict,
    private readonly lifecycle: Verdict,
  ) {}

  observe(bill: FoldedBill, name: string, event: ExportedEvent): void {
    const { paymentId } = event.data;
    const amount = amountOf(event.data['amount']);
    const reversal = name === 'BillAllocationReversed';
    // What was refunded before is not taken off once more: a reversal may find nothing left.
    if (
      typeof paymentId !== 'string' ||
      !amount ||
      amount.asset !== bill.asset ||
      amount.minor < (reversal ? 0n : 1n)
    ) {
      this.notOverpaid.expect(false, () => `${at(event)}: no payment, or no amount of the bill's asset`);
      return;
    }
    switch (name) {
      case 'BillReserved':
        this.#live(bill, event);
        return this.#reserved(bill, paymentId, { event, amount });
      case 'BillReservationReleased': {
        this.#live(bill, event);
        const held = take(bill.reservations, paymentId);
        return this.lifecycle.expect(held?.minor === amount.minor, () => `${at(event)}: no such reservation`);
      }
      case 'BillPaymentAllocated':
        this.#live(bill, event);
        return this.#allocated(bill, paymentId, { event, amount });
      case 'BillRefunded':
        return this.#refunded(bill, paymentId, { event, amount });
      default:
        return this.#reversed(bill, paymentId, { event, amount });
    }
  }

  #live(bill: FoldedBill, event: ExportedEvent): void {
    this.lifecycle.expect(!bill.closed, () => `${at(event)}: after the bill was ${wordOf(bill)}`);
  }

  #reserved(bill: FoldedBill, paymentId: string, { event, amount }: MoneyEvent): void {
    const first = [...bill.reservations, ...bill.allocations].every((share) => share.paymentId !== paymentId);
    this.lifecycle.expect(first, () => `${at(event)}: reserved again by ${paymentId}`);
    bill.reservations.push({ paymentId, minor: amount.minor, rebate: minorOf(event.data['rebate']) });
    this.notOverpaid.expect(
      promisedOf(bill) <= askedOf(bill),
      () => `${at(event)}: promised ${promisedOf(bill)} of ${askedOf(bill)}`,
    );
  }

  #allocated(bill: FoldedBill, paymentId: string, { event, amount }: MoneyEvent): void {
    const { minor } = amount;
    const held = take(bill.reservations, paymentId);
    const rebate = minorOf(event.data['rebate']);
    this.notOverpaid.expect(
      minor <= (held?.minor ?? 0n) && rebate <= (held?.rebate ?? 0n),
      () => `${at(event)}: ${minor} allocated, ${held?.minor ?? 0n} reserved`,
    );
    const first = bill.allocations.every((share) => share.paymentId !== paymentId);
    this.notOverpaid.expect(first, () => `${at(event)}: ${paymentId} allocated twice`);
    const items = recordsOf(event.data['perItem']).reduce((sum, item) => sum + minorOf(item['amount']), 0n);
    this.notOverpaid.expect(
      items + minorOf(event.data['lateFee']) === minor || !Array.isArray(event.data['perItem']),
      () => `${at(event)}: ${items} on the items of ${minor} allocated`,
    );
    bill.allocations.push({ paymentId, minor, rebate, reversed: 0n, refunded: 0n });
    bill.paid += minor;
    bill.rebate += rebate;
    this.notOverpaid.expect(
      bill.paid + bill.rebate <= askedOf(bill),
      () => `${at(event)}: ${bill.paid} paid of ${askedOf(bill)}`,
    );
  }

  #refunded(bill: FoldedBill, paymentId: string, { event, amount }: MoneyEvent): void {
    const share = bill.allocations.find((one) => one.paymentId === paymentId);
    bill.refunded += amount.minor;
    if (share) share.refunded += amount.minor;
    this.notOverpaid.expect(
      share !== undefined && share.refunded <= share.minor - share.reversed && bill.refunded <= bill.paid,
      () => `${at(event)}: ${share?.refunded ?? bill.refunded} given back of ${leftOf(share)}`,
    );
  }

  /** The bill asks for the amount again, also one that was closed. */
  #reversed(bill: FoldedBill, paymentId: string, { event, amount }: MoneyEvent): void {
    const share = bill.allocations.find((one) => one.paymentId === paymentId);
    const rebate = minorOf(event.data['rebate']);
    this.notOverpaid.expect(
      share?.reversed === 0n && amount.minor === share.minor - share.refunded && rebate === share.rebate,
      () => `${at(event)}: ${amount.minor} taken off of ${leftOf(share)}`,
    );
    if (share) share.reversed += amount.minor;
    bill.paid -= amount.minor;
    bill.rebate -= rebate;
    bill.closed = undefined;
    const moved = recordsOf(event.data['reapportioned']);
    this.notOverpaid.expect(
      moved.every((part) => standsAt(bill, part)),
      () => `${at(event)}: a later payment stands at another amount than it was allocated`,
    );
  }
}

/** A payment that moves up on the bill keeps its amount. */
function standsAt(bill: FoldedBill, part: Readonly<Record<string, unknown>>): boolean {
  const share = bill.allocations.find(({ paymentId }) => paymentId === part['paymentId']);
  const items = recordsOf(part['perItem']).reduce((sum, item) => sum + minorOf(item['amount']), 0n);
  return share !== undefined && items + minorOf(part['lateFee']) === share.minor - share.reversed;
}

function leftOf(share: Allocation | undefined): bigint {
  return share ? share.minor - share.reversed : 0n;
}

function wordOf({ closed }: FoldedBill): string {
  return closed?.toLowerCase().replace('_', ' ') ?? 'open';
}

function take(shares: Share[], paymentId: string): Share | undefined {
  const index = shares.findIndex((share) => share.paymentId === paymentId);
  return index < 0 ? undefined : shares.splice(index, 1)[0];
}
