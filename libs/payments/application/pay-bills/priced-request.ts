import type { BillPaymentSteps } from '#libs/billing/contract/index.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { QuoteId } from '#libs/kernel/ids/index.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import { money } from '#libs/kernel/money/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import { chargeOf } from '../../domain/charge.js';
import type { PaymentRequest } from '../../domain/payment/index.js';
import type { QuoteState } from '../../domain/quote/index.js';
import { paymentAggregate, quoteAggregate } from '../../codec/index.js';
import { CHARGES } from '../quotes/charges.data.js';
import { refused, type ReadOutcome } from './read-outcome.js';

interface Prices {
  readonly store: DeciderStore;
  readonly bills: Pick<BillPaymentSteps, 'price'>;
}

type GivenQuote = Extract<QuoteState, { status: 'given' }>;

/** Adds what the payer bears beside the bills: the charge of the channel, or the whole price of a quote. */
export async function pricedRequest(
  prices: Prices,
  request: PaymentRequest,
  quoteId: QuoteId | undefined,
): Promise<ReadOutcome> {
  if (quoteId !== undefined) return quotedRequest(prices, request, quoteId);
  const rule = CHARGES[request.tender.channel];
  if (!rule) return { accepted: true, value: request };
  const { tenant, bills, total, initiatedAt } = request;
  const ids = bills.map(({ billId }) => billId);
  const due = await prices.bills.price(tenant, ids, localDateOf(initiatedAt));
  let minor = 0n;
  for (const { billId, amount } of bills) minor += (amount ?? due.get(billId)?.due)?.amount ?? 0n;
  const charge = chargeOf(rule, money(total.asset, minor));
  return { accepted: true, value: charge.amount > 0n ? { ...request, charge } : request };
}

/** The quote is its owner's alone, and good for the very bills and channel it was given for. */
async function quotedRequest(
  prices: Prices,
  request: PaymentRequest,
  quoteId: QuoteId,
): Promise<ReadOutcome> {
  const path = ['input', 'quoteId'];
  const quote = isUuid(quoteId) ? (await prices.store.load(quoteAggregate, quoteId)).state : undefined;
  if (quote?.status !== 'given' || quote.tenant !== request.tenant || quote.account !== request.account) {
    return refused('QUOTE_NOT_FOUND', 'There is no such quote.', path);
  }
  if (!isFor(quote, request)) {
    return refused('QUOTE_STALE', 'The quote was given for other bills, amounts or another channel.', path);
  }
  // A payment that began in time is answered alike for good.
  if (request.initiatedAt > quote.validUntil && !(await hasBegun(prices, request))) {
    const { validUntil } = quote;
    return refused('QUOTE_EXPIRED', 'The quote is no longer good.', path, { validUntil });
  }
  const { charge, asOf, bills } = quote;
  const dues = new Map(bills.map(({ billId, due }) => [billId, due]));
  const value: PaymentRequest = {
    ...request,
    bills: request.bills.map((bill) => {
      const quotedDue = dues.get(bill.billId);
      return quotedDue ? { ...bill, quotedDue } : bill;
    }),
    ...(charge.amount > 0n && { charge }),
    quote: { quoteId, asOf },
  };
  return { accepted: true, value };
}

function isFor(quote: GivenQuote, { tender, bills }: PaymentRequest): boolean {
  if (quote.channel !== tender.channel || quote.bills.length !== bills.length) return false;
  const quoted = new Map(quote.bills.map((bill) => [bill.billId, bill]));
  return bills.every(({ billId, amount }) => {
    const bill = quoted.get(billId);
    return bill !== undefined && (amount ?? bill.due).amount === bill.amount.amount;
  });
}

async function hasBegun({ store }: Prices, { paymentId }: PaymentRequest): Promise<boolean> {
  return (await store.load(paymentAggregate, paymentId)).state.status !== 'absent';
}
