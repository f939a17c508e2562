import { type ExportedEvent, idIn, minorOf, nameOf, recordsOf, textOf } from './export.js';
import type { FoldedPayment } from './folded-payment.js';
import { at } from './order-and-chain.js';
import type { Payments } from './payments.js';
import { Verdict } from './verdict.js';

interface FoldedQuote {
  readonly account: string;
  readonly channel: string;
  readonly charge: bigint;
  readonly total: bigint;
  readonly validUntil: string;
  /** Bill → what is to be paid on it. */
  readonly bills: ReadonlyMap<string, bigint>;
}

/** A quote's price is honoured to the fen, for who got it, and nothing but it. */
export class Quotes {
  readonly verdict = new Verdict('quotes', 'a quoted payment costs what its quote said, asked for in time');
  readonly #quotes = new Map<string, FoldedQuote>();

  constructor(private readonly payments: Payments) {}

  observe(event: ExportedEvent): void {
    const name = nameOf(event.type);
    const quoteId = idIn('quote', event.stream);
    if (quoteId !== undefined && name === 'QuoteGiven') return this.#given(quoteId, event);
    const payment = this.payments.payments.get(idIn('payment', event.stream) ?? '');
    if (payment?.quoteId === undefined) return;
    const quote = this.#quotes.get(payment.quoteId);
    if (name === 'PaymentInitiated') {
      const right =
        quote !== undefined &&
        quote.account === payment.account &&
        quote.channel === payment.channel &&
        quote.total === payment.total &&
        quote.charge === payment.charge &&
        payment.initiatedAt <= quote.validUntil;
      this.verdict.expect(
        right,
        () => `${at(event)}: ${payment.total} of a quote of ${quote?.total ?? 'nobody'}`,
      );
    }
    if (name === 'PaymentCaptured' && quote) {
      this.verdict.expect(isAsQuoted(payment, quote), () => `${at(event)}: other amounts than were quoted`);
    }
  }

  #given(quoteId: string, event: ExportedEvent): void {
    const { data } = event;
    const bills = recordsOf(data['bills']);
    const charge = minorOf(data['charge']);
    const total = minorOf(data['total']);
    const sum = bills.reduce((so, bill) => so + minorOf(bill['amount']), charge);
    const adds = bills.every(
      (bill) =>
        minorOf(bill['due']) ===
        minorOf(bill['principal']) + minorOf(bill['lateFee']) - minorOf(bill['rebate']),
    );
    this.verdict.expect(
      sum === total && adds && !this.#quotes.has(quoteId),
      () => `${at(event)}: given again, or ${sum} quoted as ${total}`,
    );
    this.#quotes.set(quoteId, {
      account: textOf(data['account']),
      channel: textOf(data['channel']),
      charge,
      total,
      validUntil: textOf(data['validUntil']),
      bills: new Map(bills.map((bill) => [textOf(bill['billId']), minorOf(bill['amount'])])),
    });
  }
}

function isAsQuoted({ bills }: FoldedPayment, quote: FoldedQuote): boolean {
  return (
    bills.length === quote.bills.size &&
    bills.every(({ billId, minor, advance }) => quote.bills.get(billId) === minor + advance)
  );
}
