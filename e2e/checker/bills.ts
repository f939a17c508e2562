import { type Amount, amountOf, type ExportedEvent, isRecord, nameOf } from './export.js';
import { at } from './order-and-chain.js';
import { Verdict } from './verdict.js';

/** A part of the bill that belongs to one payment. Lists, because a log has a million bills with one entry each. */
export interface Share {
  readonly paymentId: string;
  readonly minor: bigint;
}

/** A bill as this checker folds it; minor units of `asset`. */
export interface FoldedBill {
  readonly id: string;
  asset: string;
  total: bigint;
  waived: bigint;
  paid: bigint;
  readonly reservations: Share[];
  readonly allocations: Share[];
  cancelled: boolean;
}

const MONEY_EVENTS = new Set(['BillReserved', 'BillReservationReleased', 'BillPaymentAllocated']);

/** I2 and I4 on bills, and the fold that I6 compares with the view. */
export class Bills {
  readonly notOverpaid = new Verdict('I2', 'no bill is reserved or paid beyond what it asks for');
  readonly lifecycle = new Verdict(
    'I4',
    'a bill is issued first and once; cancelled or paid bills do not go back',
  );
  readonly bills = new Map<string, FoldedBill>();

  observe(event: ExportedEvent): void {
    if (!event.stream.startsWith('bill-')) return;
    const id = event.stream.slice('bill-'.length);
    const name = nameOf(event.type);
    const bill = this.bills.get(id);
    if (name === 'BillIssued') {
      this.lifecycle.expect(bill === undefined, () => `${at(event)}: issued twice`);
      this.bills.set(id, this.#issued(id, event));
      return;
    }
    if (!bill) {
      this.lifecycle.expect(false, () => `${at(event)}: before the bill was issued`);
      return;
    }
    if (MONEY_EVENTS.has(name)) this.#money(bill, name, event);
    else if (name === 'BillAmended') this.#amended(bill, event);
    else if (name === 'BillCancelled') {
      const untouched = bill.paid === 0n && bill.reservations.length === 0 && !bill.cancelled;
      this.lifecycle.expect(untouched, () => `${at(event)}: with money on the bill, or again`);
      bill.cancelled = true;
    }
  }

  #issued(id: string, event: ExportedEvent): FoldedBill {
    const figures = this.#figures(event);
    return { id, ...figures, paid: 0n, reservations: [], allocations: [], cancelled: false };
  }

  #amended(bill: FoldedBill, event: ExportedEvent): void {
    const untouched = bill.paid === 0n && bill.reservations.length === 0 && !bill.cancelled;
    this.lifecycle.expect(
      untouched,
      () => `${at(event)}: amended with money on the bill, or after it was cancelled`,
    );
    Object.assign(bill, this.#figures(event));
  }

  #figures(event: ExportedEvent): { asset: string; total: bigint; waived: bigint } {
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

  #money(bill: FoldedBill, name: string, event: ExportedEvent): void {
    const { paymentId } = event.data;
    const amount = amountOf(event.data['amount']);
    if (typeof paymentId !== 'string' || !amount || amount.minor <= 0n || amount.asset !== bill.asset) {
      this.notOverpaid.expect(false, () => `${at(event)}: no payment, or no amount of the bill's asset`);
      return;
    }
    this.lifecycle.expect(!bill.cancelled, () => `${at(event)}: after the bill was cancelled`);
    if (name === 'BillReserved') this.#reserved(bill, paymentId, { event, amount });
    else if (name === 'BillReservationReleased') {
      const held = take(bill.reservations, paymentId);
      this.lifecycle.expect(held === amount.minor, () => `${at(event)}: no such reservation`);
    } else this.#allocated(bill, paymentId, { event, amount });
  }

  #reserved(bill: FoldedBill, paymentId: string, { event, amount }: MoneyEvent): void {
    const first = [...bill.reservations, ...bill.allocations].every((share) => share.paymentId !== paymentId);
    this.lifecycle.expect(first, () => `${at(event)}: reserved again by ${paymentId}`);
    bill.reservations.push({ paymentId, minor: amount.minor });
    const promised = bill.reservations.reduce((sum, share) => sum + share.minor, bill.paid);
    this.notOverpaid.expect(
      promised <= bill.total - bill.waived,
      () => `${at(event)}: promised ${promised} of ${bill.total - bill.waived}`,
    );
  }

  #allocated(bill: FoldedBill, paymentId: string, { event, amount }: MoneyEvent): void {
    const held = take(bill.reservations, paymentId) ?? 0n;
    this.notOverpaid.expect(
      amount.minor <= held,
      () => `${at(event)}: ${amount.minor} allocated, ${held} reserved`,
    );
    const first = bill.allocations.every((share) => share.paymentId !== paymentId);
    this.notOverpaid.expect(first, () => `${at(event)}: ${paymentId} allocated twice`);
    bill.allocations.push({ paymentId, minor: amount.minor });
    bill.paid += amount.minor;
    this.notOverpaid.expect(
      bill.paid <= bill.total - bill.waived,
      () => `${at(event)}: ${bill.paid} paid of ${bill.total - bill.waived}`,
    );
  }
}

interface MoneyEvent {
  readonly event: ExportedEvent;
  readonly amount: Amount;
}

function take(shares: Share[], paymentId: string): bigint | undefined {
  const index = shares.findIndex((share) => share.paymentId === paymentId);
  return index < 0 ? undefined : shares.splice(index, 1)[0]?.minor;
}

/** What the view must show: the names of the public schema. */
export function statusOf(bill: FoldedBill): 'ISSUED' | 'PARTIALLY_PAID' | 'PAID' | 'CANCELLED' {
  if (bill.cancelled) return 'CANCELLED';
  if (outstandingOf(bill) === 0n) return 'PAID';
  return bill.paid > 0n ? 'PARTIALLY_PAID' : 'ISSUED';
}

/** A cancelled bill asks for nothing. */
export function outstandingOf(bill: FoldedBill): bigint {
  return bill.cancelled ? 0n : bill.total - bill.waived - bill.paid;
}
