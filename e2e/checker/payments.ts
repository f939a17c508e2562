import { amountOf, type ExportedEvent, isRecord, nameOf } from './export.js';
import { type Posting, postingsOf } from './ledger.js';
import { at } from './order-and-chain.js';
import { Verdict } from './verdict.js';

export interface FoldedPayment {
  readonly id: string;
  status: 'initiated' | 'captured' | 'refused' | 'failed';
  readonly channel: string;
  readonly asset: string;
  /** What the payer agreed to; minor units. */
  readonly total: bigint;
  /** Empty until the capture. */
  bills: readonly PaidBill[];
}

export interface PaidBill {
  readonly billId: string;
  readonly organisationId: string;
  readonly minor: bigint;
}

type Status = FoldedPayment['status'];

/** What each event of a payment may follow, and what it leads to. */
const STEPS: Readonly<Record<string, { readonly from: Status; readonly to: Status }>> = {
  PaymentCaptured: { from: 'initiated', to: 'captured' },
  PaymentRefused: { from: 'initiated', to: 'refused' },
  PaymentFailed: { from: 'refused', to: 'failed' },
};

/** I2 and I4 on payments. */
export class Payments {
  readonly lifecycle = new Verdict('I4', 'a payment goes forward only: no event after captured or failed');
  readonly oneEffect = new Verdict(
    'I2',
    'a payment moves its money once: as much as agreed, to whom the bills say',
  );
  readonly payments = new Map<string, FoldedPayment>();

  observe(event: ExportedEvent): void {
    if (!event.stream.startsWith('payment-')) return;
    const id = event.stream.slice('payment-'.length);
    const payment = this.payments.get(id);
    const name = nameOf(event.type);
    if (name === 'PaymentInitiated') {
      this.lifecycle.expect(payment === undefined, () => `${at(event)}: initiated twice`);
      if (!payment) this.payments.set(id, initiated(id, event));
      return;
    }
    const step = STEPS[name];
    const allowed = step !== undefined && payment?.status === step.from;
    this.lifecycle.expect(
      allowed,
      () => `${at(event)}: of a payment that is ${payment?.status ?? 'not known'}`,
    );
    if (!payment || !step) return;
    if (name === 'PaymentCaptured') this.#captured(payment, event);
    // A step that is not allowed changes nothing here, so that what follows is judged by what was right.
    if (allowed) payment.status = step.to;
  }

  #captured(payment: FoldedPayment, event: ExportedEvent): void {
    this.oneEffect.expect(payment.status !== 'captured', () => `${at(event)}: captured twice`);
    const bills = billsOf(event);
    const sum = bills?.reduce((so, { minor }) => so + minor, 0n);
    const total = amountOf(event.data['total']);
    const agreed = sum === payment.total && total?.minor === payment.total && total.asset === payment.asset;
    this.oneEffect.expect(agreed, () => `${at(event)}: ${sum} captured, ${payment.total} agreed`);
    if (!bills) return;
    const wanted = sumBy(
      bills,
      ({ organisationId }) => `org:${organisationId}:payable`,
      ({ minor }) => minor,
    );
    const postings = postingsOf(event).filter(({ destination }) => destination.startsWith('org:'));
    const moved = sumBy(
      postings,
      ({ destination }) => destination,
      ({ minor }) => minor,
    );
    this.oneEffect.expect(same(wanted, moved), () => `${at(event)}: the postings are not what the bills say`);
    this.oneEffect.expect(
      postings.every((posting) => comesFrom(posting, payment)),
      () => `${at(event)}: money from elsewhere than ${payment.channel}`,
    );
    if (payment.status === 'initiated') payment.bills = bills;
  }
}

function initiated(id: string, event: ExportedEvent): FoldedPayment {
  const total = amountOf(event.data['total']);
  const { tender } = event.data;
  const channel = isRecord(tender) ? String(tender['channel']) : '?';
  return {
    id,
    status: 'initiated',
    channel,
    asset: total?.asset ?? '?',
    total: total?.minor ?? 0n,
    bills: [],
  };
}

/** `undefined` when one of them is not a bill. */
function billsOf(event: ExportedEvent): readonly PaidBill[] | undefined {
  const { bills } = event.data;
  if (!Array.isArray(bills)) return undefined;
  const read = bills.flatMap((bill: unknown) => {
    if (!isRecord(bill)) return [];
    const { billId, organisationId } = bill;
    const amount = amountOf(bill['amount']);
    if (typeof billId !== 'string' || typeof organisationId !== 'string' || !amount) return [];
    return [{ billId, organisationId, minor: amount.minor }];
  });
  return read.length === bills.length && read.length > 0 ? read : undefined;
}

function comesFrom(posting: Posting, payment: FoldedPayment): boolean {
  if (payment.channel === 'wallet') return posting.source === `hold:${payment.id}`;
  return payment.channel === 'cash' && posting.source.startsWith('cash:');
}

export function sumBy<Item>(
  items: readonly Item[],
  key: (item: Item) => string,
  value: (item: Item) => bigint,
): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const item of items) sums.set(key(item), (sums.get(key(item)) ?? 0n) + value(item));
  return sums;
}

export function same(a: ReadonlyMap<string, bigint>, b: ReadonlyMap<string, bigint>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}
