import { amountOf, type ExportedEvent, isRecord, nameOf } from './export.js';
import { at } from './order-and-chain.js';
import type { Payments } from './payments.js';
import { Verdict } from './verdict.js';

export interface FoldedReceipt {
  readonly number: string;
  readonly minor: bigint;
}

/** Receipt books: numbers without gaps, one receipt per payment and organisation, over what was captured. */
export class Receipts {
  readonly gapless = new Verdict('receipts', 'numbers run without gaps per book');
  readonly truthful = new Verdict(
    'receipts',
    'one per captured payment and organisation, over the amount captured',
  );
  /** `payment organisation` → receipt. */
  readonly receipts = new Map<string, FoldedReceipt>();
  readonly #lastSequences = new Map<string, number>();

  constructor(private readonly payments: Payments) {}

  observe(event: ExportedEvent): void {
    if (nameOf(event.type) !== 'ReceiptIssued') return;
    const { sequence, number, series, paymentId, organisationId } = event.data;
    const due = (this.#lastSequences.get(event.stream) ?? 0) + 1;
    const written = `${String(series)}-${String(sequence).padStart(8, '0')}`;
    this.gapless.expect(
      sequence === due && number === written,
      () => `${at(event)}: ${number} where number ${due} was due`,
    );
    this.#lastSequences.set(event.stream, typeof sequence === 'number' ? sequence : due);

    const payment = this.payments.payments.get(String(paymentId));
    const captured = payment?.bills
      .filter((bill) => bill.organisationId === organisationId)
      .reduce((sum, { minor }) => sum + minor, 0n);
    const total = amountOf(event.data['total']);
    const right =
      payment?.status === 'captured' && total?.minor === captured && captured === sumOfLines(event);
    this.truthful.expect(
      right,
      () => `${at(event)}: ${total?.minor} received, ${captured} captured by ${paymentId}`,
    );
    const key = `${paymentId} ${organisationId}`;
    this.truthful.expect(!this.receipts.has(key), () => `${at(event)}: a second receipt for ${paymentId}`);
    this.receipts.set(key, { number: String(number), minor: total?.minor ?? 0n });
  }
}

function sumOfLines(event: ExportedEvent): bigint {
  const { lines } = event.data;
  if (!Array.isArray(lines)) return -1n;
  return lines.reduce<bigint>(
    (sum, line) => sum + (amountOf(isRecord(line) ? line['amount'] : undefined)?.minor ?? 0n),
    0n,
  );
}
