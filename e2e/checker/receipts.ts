import { amountOf, type ExportedEvent, isRecord, minorOf, nameOf } from './export.js';
import { at } from './order-and-chain.js';
import type { Payments } from './payments.js';
import type { Refunds } from './refunds.js';
import { Verdict } from './verdict.js';

export interface FoldedReceipt {
  readonly number: string;
  readonly sequence: number;
  readonly minor: bigint;
  cancelled: boolean;
}

/** Receipt books: numbers without gaps, one receipt per payment and organisation, over what was captured. */
export class Receipts {
  readonly gapless = new Verdict('receipts', 'numbers run without gaps per book; a cancelled one stays used');
  readonly truthful = new Verdict(
    'receipts',
    'one per captured payment and organisation, over the amount captured',
  );
  readonly cancelling = new Verdict(
    'receipts',
    'a receipt is cancelled once, by an approved voiding of its payment',
  );
  /** `payment organisation` → receipt. */
  readonly receipts = new Map<string, FoldedReceipt>();
  readonly #lastSequences = new Map<string, number>();

  constructor(
    private readonly payments: Payments,
    private readonly refunds: Refunds,
  ) {}

  observe(event: ExportedEvent): void {
    const name = nameOf(event.type);
    if (name === 'ReceiptIssued') this.#issued(event);
    if (name === 'ReceiptCancelled') this.#cancelled(event);
  }

  #issued(event: ExportedEvent): void {
    const { sequence, number, series, paymentId, organisationId } = event.data;
    const due = (this.#lastSequences.get(event.stream) ?? 0) + 1;
    const written = `${String(series)}-${String(sequence).padStart(8, '0')}`;
    this.gapless.expect(
      sequence === due && number === written,
      () => `${at(event)}: ${String(number)} where number ${due} was due`,
    );
    this.#lastSequences.set(event.stream, typeof sequence === 'number' ? sequence : due);

    const payment = this.payments.payments.get(String(paymentId));
    const captured = payment?.bills
      .filter((bill) => bill.organisationId === organisationId)
      .reduce((sum, { minor, advance }) => sum + minor + advance, 0n);
    const total = amountOf(event.data['total']);
    const right =
      payment?.status === 'captured' && total?.minor === captured && captured === sumOfLines(event);
    this.truthful.expect(
      right && (event.data['channel'] ?? payment?.channel) === payment?.channel,
      () => `${at(event)}: ${total?.minor} received, ${captured} captured by ${String(paymentId)}`,
    );
    const key = `${String(paymentId)} ${String(organisationId)}`;
    this.truthful.expect(
      !this.receipts.has(key),
      () => `${at(event)}: a second receipt for ${String(paymentId)}`,
    );
    const receipt = { number: String(number), sequence: Number(sequence), minor: total?.minor ?? 0n };
    this.receipts.set(key, { ...receipt, cancelled: false });
  }

  #cancelled(event: ExportedEvent): void {
    const { paymentId, organisationId, refundId, sequence } = event.data;
    const receipt = this.receipts.get(`${String(paymentId)} ${String(organisationId)}`);
    const refund = this.refunds.refunds.get(String(refundId));
    const voids = refund?.status === 'approved' && refund.kind !== 'refund' && refund.paymentId === paymentId;
    this.cancelling.expect(
      receipt?.cancelled === false && receipt.sequence === sequence && voids,
      () => `${at(event)}: again, of another payment, or without an approved voiding`,
    );
    if (receipt) receipt.cancelled = true;
  }
}

function sumOfLines(event: ExportedEvent): bigint {
  const { lines } = event.data;
  if (!Array.isArray(lines)) return -1n;
  return lines.reduce<bigint>(
    (sum, line) => sum + (isRecord(line) ? minorOf(line['amount']) + minorOf(line['advance']) : 0n),
    0n,
  );
}
