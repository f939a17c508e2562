import { defineEvents } from '#libs/event-log/codec/types.js';
import { decodeMoney, encodeMoney } from '#libs/event-log/codec/money.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import type { BillId, OrganisationId, QuoteId, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { Channel } from '../domain/payment/index.js';
import type { QuotedBill, QuoteGiven } from '../domain/quote/index.js';

/** How the events of a quote are stored: schemas/events/payments. */
export const quoteEvents = defineEvents<QuoteGiven>('payments', {
  QuoteGiven: {
    version: 1,
    encode: (data) => ({
      quoteId: data.quoteId,
      tenant: data.tenant,
      account: data.account,
      inputHash: data.inputHash,
      channel: data.channel,
      bills: data.bills.map(encodeBill),
      charge: encodeMoney(data.charge),
      total: encodeMoney(data.total),
      asOf: data.asOf,
      givenAt: data.givenAt,
      validUntil: data.validUntil,
    }),
    decode: (json) => ({
      quoteId: json['quoteId'] as QuoteId,
      tenant: json['tenant'] as TenantId,
      account: json['account'] as string,
      inputHash: json['inputHash'] as string,
      channel: json['channel'] as Channel,
      bills: (json['bills'] as readonly JsonObject[]).map(decodeBill),
      charge: decodeMoney(json['charge']),
      total: decodeMoney(json['total']),
      asOf: json['asOf'] as LocalDate,
      givenAt: json['givenAt'] as Instant,
      validUntil: json['validUntil'] as Instant,
    }),
  },
});

function encodeBill(bill: QuotedBill): JsonObject {
  return {
    billId: bill.billId,
    organisationId: bill.organisationId,
    billNumber: bill.billNumber,
    description: bill.description,
    principal: encodeMoney(bill.principal),
    lateFee: encodeMoney(bill.lateFee),
    rebate: encodeMoney(bill.rebate),
    due: encodeMoney(bill.due),
    amount: encodeMoney(bill.amount),
  };
}

function decodeBill(json: JsonObject): QuotedBill {
  return {
    billId: json['billId'] as BillId,
    organisationId: json['organisationId'] as OrganisationId,
    billNumber: json['billNumber'] as string,
    description: json['description'] as string,
    principal: decodeMoney(json['principal']),
    lateFee: decodeMoney(json['lateFee']),
    rebate: decodeMoney(json['rebate']),
    due: decodeMoney(json['due']),
    amount: decodeMoney(json['amount']),
  };
}
