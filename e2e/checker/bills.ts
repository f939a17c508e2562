import { askedOf, type FoldedBill, outstandingOf, promisedOf, reservedOf } from './bill-figures.js';
import { BillMoney } from './bill-money.js';
import { amountOf, type ExportedEvent, idIn, isRecord, minorOf, nameOf } from './export.js';
import { at } from './order-and-chain.js';
import { Verdict } from './verdict.js';

/** Figures that an event states about the bill after it. */
const STATED: readonly (readonly [string, (bill: FoldedBill) => bigint])[] = [
  ['outstandingAfter', outstandingOf],
  ['reservedAfter', reservedOf],
  ['paidAfter', ({ paid }) => paid],
  ['refundedAfter', ({ refunded }) => refunded],
  ['adjustedAfter', ({ adjusted }) => adjusted],
  ['lateFeeAfter', ({ lateFee }) => lateFee],
  ['rebateAfter', ({ rebate }) => rebate],
];

const MONEY_EVENTS = new Set([
  'BillReserved',
  'BillReservationReleased',
  'BillPaymentAllocated',
  'BillRefunded',
  'BillAllocationReversed',
]);

const CLOSING = {
  BillCancelled: 'CANCELLED',
  BillExpired: 'EXPIRED',
  BillWrittenOff: 'WRITTEN_OFF',
} as const;

/** I2 and I4 on bills, and the fold that I6 compares with the view. */
export class Bills {
  readonly notOverpaid = new Verdict('I2', 'no bill is reserved or paid beyond what it asks for');
  readonly figures = new Verdict(
    'bills',
    'what an event states of its bill is the fold; nothing is below zero',
  );
  readonly lifecycle = new Verdict(
    'I4',
    'a bill is issued first and once; a closed one takes no money unless reopened',
  );
  readonly bills = new Map<string, FoldedBill>();
  readonly #money = new BillMoney(this.notOverpaid, this.lifecycle);

  observe(event: ExportedEvent): void {
    const id = idIn('bill', event.stream);
    if (id === undefined) return;
    const name = nameOf(event.type);
    const known = this.bills.get(id);
    if (name === 'BillIssued') {
      this.lifecycle.expect(known === undefined, () => `${at(event)}: issued twice`);
      this.bills.set(id, this.#issued(id, event));
    } else if (!known) {
      this.lifecycle.expect(false, () => `${at(event)}: before the bill was issued`);
    } else if (MONEY_EVENTS.has(name)) this.#money.observe(known, name, event);
    else this.#changed(known, name, event);
    const bill = this.bills.get(id);
    if (bill) this.#stated(bill, event);
  }

  #stated(bill: FoldedBill, event: ExportedEvent): void {
    for (const [field, figureOf] of STATED) {
      const stated = amountOf(event.data[field]);
      if (!stated) continue;
      const folded = figureOf(bill);
      this.figures.expect(
        stated.minor === folded && (field === 'adjustedAfter' || folded >= 0n),
        () => `${at(event)}: ${field} is ${stated.minor}, the fold ${folded}`,
      );
    }
    const outstanding = outstandingOf(bill);
    const free = askedOf(bill) - promisedOf(bill);
    this.figures.expect(
      outstanding >= 0n && free >= 0n,
      () => `${at(event)}: ${outstanding} outstanding, ${free} of it not spoken for`,
    );
  }

  #issued(id: string, event: ExportedEvent): FoldedBill {
    return {
      id,
      ...this.#content(event),
      adjusted: 0n,
      lateFee: 0n,
      rebate: 0n,
      lapsed: 0n,
      paid: 0n,
      refunded: 0n,
      reservations: [],
      allocations: [],
      closed: undefined,
    };
  }

  #changed(bill: FoldedBill, name: string, event: ExportedEvent): void {
    const untouched = bill.paid === 0n && bill.reservations.length === 0 && !bill.closed;
    const amount = minorOf(event.data['amount']);
    switch (name) {
      case 'BillAmended':
        this.lifecycle.expect(
          untouched,
          () => `${at(event)}: amended with money on the bill, or after it was closed`,
        );
        Object.assign(bill, this.#content(event));
        break;
      case 'BillAdjusted':
        bill.adjusted += event.data['note'] === 'credit' ? -amount : amount;
        this.#live(bill, event);
        break;
      case 'BillLateFeeCharged':
        bill.lateFee += amount;
        this.#live(bill, event);
        break;
      case 'BillLateFeeWaived':
        bill.lateFee -= amount;
        this.#live(bill, event);
        break;
      case 'BillCancelled':
        this.lifecycle.expect(untouched, () => `${at(event)}: with money on the bill, or again`);
        this.#close(bill, CLOSING[name]);
        break;
      case 'BillExpired':
      case 'BillWrittenOff':
        this.lifecycle.expect(
          bill.reservations.length === 0 && !bill.closed && amount === outstandingOf(bill),
          () => `${at(event)}: with a payment under way, of another amount, or again`,
        );
        this.#close(bill, CLOSING[name]);
        break;
    }
  }

  #live(bill: FoldedBill, event: ExportedEvent): void {
    this.lifecycle.expect(!bill.closed, () => `${at(event)}: after the bill was closed`);
  }

  #close(bill: FoldedBill, status: NonNullable<FoldedBill['closed']>): void {
    bill.lapsed += outstandingOf(bill);
    bill.closed = status;
  }

  #content(event: ExportedEvent): { asset: string; total: bigint; waived: bigint } {
    const { data } = event;
    const total = amountOf(data['total']);
    const waived = amountOf(data['waived']);
    const items = Array.isArray(data['items'])
      ? data['items'].map((item) => amountOf(isRecord(item) ? item['amount'] : undefined))
      : [];
    const sum = items.reduce((so, item) => so + (item?.minor ?? 0n), 0n);
    const right =
      total !== undefined && waived !== undefined && total.minor === sum && waived.minor <= total.minor;
    this.notOverpaid.expect(right, () => `${at(event)}: items, total and waiver do not add up`);
    return { asset: total?.asset ?? '?', total: total?.minor ?? 0n, waived: waived?.minor ?? 0n };
  }
}
