import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { BillId, OrganisationId, QuoteId, TenantId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { Channel } from '../payment/tender.js';

/** One bill's price on the day of the quote. */
export interface QuotedBill {
  readonly billId: BillId;
  readonly organisationId: OrganisationId;
  readonly billNumber: string;
  readonly description: string;
  readonly principal: Money;
  readonly lateFee: Money;
  readonly rebate: Money;
  /** principal + lateFee − rebate */
  readonly due: Money;
  /** What is to be paid on it: `due`, or the part that was asked for. */
  readonly amount: Money;
}

export interface Quote {
  readonly quoteId: QuoteId;
  readonly tenant: TenantId;
  readonly account: string;
  /** Tells the same key with another input apart. */
  readonly inputHash: string;
  readonly channel: Channel;
  readonly bills: readonly QuotedBill[];
  /** The payer's charge for the channel; zero as a rule. */
  readonly charge: Money;
  /** Amounts and charge. */
  readonly total: Money;
  /** The day the prices are of. */
  readonly asOf: LocalDate;
  readonly givenAt: Instant;
  readonly validUntil: Instant;
}

export interface GiveQuote {
  readonly kind: 'give';
  readonly quote: Quote;
}

export type QuoteGiven = DomainEvent<'QuoteGiven', Quote>;

export type QuoteRefusal = Rejection<'IDEMPOTENCY_CONFLICT'>;
