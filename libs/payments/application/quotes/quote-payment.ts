import { hash } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { BILL_PAYMENT_STEPS, type BillPaymentSteps, type BillPrice } from '#libs/billing/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey, isUuid, type BillId } from '#libs/kernel/ids/index.js';
import { compare, CNY, sum, zero, type Money } from '#libs/kernel/money/index.js';
import { addMs, localDateOf } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { quoteAggregate } from '../../codec/index.js';
import { QuotePayment, type QuoteRejectionCode, type QuoteView } from '../../contract/index.js';
import { chargeOf } from '../../domain/charge.js';
import type { Quote, QuotedBill } from '../../domain/quote/index.js';
import { roleFor } from '../pay-bills/pay-bills.js';
import { CHARGES } from './charges.data.js';

type QuoteOutcome = Outcome<QuoteView, Rejection<QuoteRejectionCode>>;
type AskedBill = QuotePayment['input']['bills'][number];

/** How long a price is promised, ms. */
const VALID_MS = 15 * 60_000;
const MOST_BILLS = 50;

/** Promises an all-in price for a short time. Nothing is reserved: a bill that changes otherwise makes the quote stale. */
@CommandHandler(QuotePayment)
export class QuotePaymentHandler implements ICommandHandler<QuotePayment> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(BILL_PAYMENT_STEPS) private readonly bills: BillPaymentSteps,
  ) {}

  async execute({ context, input }: QuotePayment): Promise<QuoteOutcome> {
    const { roles } = context.caller;
    if (!roles.includes(roleFor(input))) return refused('FORBIDDEN', 'The caller may not pay like this.');
    assertIdempotencyKey(input.idempotencyKey);
    const refusal = refusalOf(input.bills);
    if (refusal) return refusal;
    const known = await this.#known(context, input);
    if (known) return known;
    const priced = await this.#price(context, input.bills);
    if (!priced.accepted) return priced;
    return this.#give(context, this.#quote(context, input, priced.value));
  }

  /** The same key is answered with the quote it was given, whatever the bills ask for today. */
  async #known(context: RequestContext, input: QuotePayment['input']): Promise<QuoteOutcome | undefined> {
    const { state } = await this.store.load(quoteAggregate, quoteIdFor(context, input.idempotencyKey));
    if (state.status === 'absent') return undefined;
    if (state.inputHash !== inputHashOf(input)) return conflict();
    return { accepted: true, value: viewOf(state) };
  }

  async #price(
    { caller }: RequestContext,
    asked: readonly AskedBill[],
  ): Promise<Outcome<readonly QuotedBill[], Rejection<QuoteRejectionCode>>> {
    const asOf = localDateOf(this.runtime.clock.now());
    const ids = asked.map(({ billId }) => billId);
    const prices = await this.bills.price(caller.tenant, ids, asOf);
    const quoted: QuotedBill[] = [];
    for (const [index, { billId, amount }] of asked.entries()) {
      const path = ['input', 'bills', String(index)];
      const price = prices.get(billId);
      const foreign = caller.organisation !== undefined && price?.organisationId !== caller.organisation;
      if (!price || foreign) return refused('BILL_NOT_FOUND', 'There is no such bill.', path);
      const refusal = priceRefusal(price, amount, path);
      if (refusal) return refusal;
      const { organisationId, billNumber, description, principal, lateFee, rebate, due } = price;
      const figures = { principal, lateFee, rebate, due, amount: amount ?? due };
      quoted.push({ billId, organisationId, billNumber, description, ...figures });
    }
    return { accepted: true, value: quoted };
  }

  #quote(context: RequestContext, input: QuotePayment['input'], bills: readonly QuotedBill[]): Quote {
    const { caller } = context;
    const givenAt = this.runtime.clock.now();
    const amounts = sum(
      CNY,
      bills.map(({ amount }) => amount),
    );
    const rule = CHARGES[input.channel];
    const charge = rule ? chargeOf(rule, amounts) : zero(CNY);
    return {
      quoteId: quoteIdFor(context, input.idempotencyKey),
      tenant: caller.tenant,
      account: caller.accountId,
      inputHash: inputHashOf(input),
      channel: input.channel,
      bills,
      charge,
      total: sum(CNY, [amounts, charge]),
      asOf: localDateOf(givenAt),
      givenAt,
      validUntil: addMs(givenAt, VALID_MS),
    };
  }

  async #give(context: RequestContext, quote: Quote): Promise<QuoteOutcome> {
    const { quoteId, inputHash, givenAt } = quote;
    const commandId = deriveUuid(UUID_NAMESPACES.command, quoteId, inputHash);
    const command = { kind: 'give', quote } as const;
    const at = commandContext(context, commandId, givenAt);
    const result = await this.store.run(quoteAggregate, quoteId, command, at);
    if (!result.accepted) return conflict();
    if (result.state.status === 'absent') throw new Error('A given quote is not in the log.');
    return { accepted: true, value: viewOf(result.state) };
  }
}

function quoteIdFor({ caller: { tenant, accountId } }: RequestContext, key: string) {
  return asId<'quote'>(deriveUuid(UUID_NAMESPACES.entity, 'quote', tenant, accountId, 'quotePayment', key));
}

function inputHashOf({ bills, channel }: QuotePayment['input']): string {
  const parts = bills.map(
    ({ billId, amount }) => `${billId}=${amount ? `${amount.asset} ${amount.amount}` : 'all'}`,
  );
  return hash('sha256', [...parts.sort(), channel].join('\n'), 'hex');
}

function refusalOf(bills: readonly AskedBill[]): QuoteOutcome | undefined {
  if (bills.length === 0) {
    throw new InvalidInputError('NO_BILLS', 'A quote names at least one bill.', ['input', 'bills']);
  }
  if (bills.length > MOST_BILLS) {
    const message = `At most ${MOST_BILLS} bills in one payment.`;
    return refused('TOO_MANY_BILLS', message, ['input', 'bills'], { limit: String(MOST_BILLS) });
  }
  const seen = new Set<BillId>();
  for (const [index, { billId, amount }] of bills.entries()) {
    const path = ['input', 'bills', String(index)];
    if (!isUuid(billId)) return refused('BILL_NOT_FOUND', 'There is no such bill.', path);
    if (seen.has(billId)) return refused('DUPLICATE_BILL', 'The bill is named twice.', path, { billId });
    seen.add(billId);
    if (amount && amount.amount <= 0n) {
      throw new InvalidInputError('INVALID_AMOUNT', 'An amount to pay is above zero.', [...path, 'amount']);
    }
  }
  return undefined;
}

/** What the reservation would refuse, told before anybody relies on the price. */
function priceRefusal(
  { billId, status, due, advanceAllowed }: BillPrice,
  amount: Money | undefined,
  path: readonly string[],
): Extract<QuoteOutcome, { accepted: false }> | undefined {
  if (status === 'CANCELLED') return refused('BILL_CANCELLED', 'The bill was cancelled.', path, { billId });
  if (status === 'EXPIRED') return refused('BILL_EXPIRED', 'The bill has expired.', path, { billId });
  if (status === 'WRITTEN_OFF') {
    return refused('BILL_WRITTEN_OFF', 'The bill was written off.', path, { billId });
  }
  if (due.amount <= 0n) return refused('BILL_ALREADY_PAID', 'The bill is paid.', path, { billId });
  if (amount && amount.asset !== due.asset) {
    throw new InvalidInputError('INVALID_AMOUNT', 'The amount is in another currency than the bill.', path);
  }
  if (amount && compare(amount, due) > 0 && !advanceAllowed) {
    return refused('AMOUNT_EXCEEDS_OUTSTANDING', 'The bill asks for less.', path, { billId });
  }
  return undefined;
}

function viewOf({ quoteId, channel, bills, charge, total, validUntil, asOf }: Quote): QuoteView {
  return { id: quoteId, channel, bills, charge, total, asOf, validUntil };
}

function conflict(): QuoteOutcome {
  return refused('IDEMPOTENCY_CONFLICT', 'The key was used with another input.', ['input', 'idempotencyKey']);
}

function refused(
  code: QuoteRejectionCode,
  message: string,
  path?: readonly string[],
  details?: Readonly<Record<string, string>>,
): Extract<QuoteOutcome, { accepted: false }> {
  return { accepted: false, rejection: { code, message, path, details } };
}
