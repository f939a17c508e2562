import { defineEvents } from '#libs/event-log/codec/types.js';
import { decodeMoney, decodePostings, encodeMoney, encodePostings } from '#libs/event-log/codec/money.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import type { BillId, OrganisationId, PaymentId, TenantId, WalletId } from '#libs/kernel/ids/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { Failure, PaidBill, PaymentEvent, Tender } from '../domain/payment/index.js';

/** How the events of a payment are stored: schemas/events/payments. */
export const paymentEvents = defineEvents<PaymentEvent>('payments', {
  PaymentInitiated: {
    version: 1,
    encode: (data) => ({
      paymentId: data.paymentId,
      tenant: data.tenant,
      account: data.account,
      organisationId: data.organisationId,
      inputHash: data.inputHash,
      bills: data.bills.map(({ billId, amount }) => ({ billId, amount: amount && encodeMoney(amount) })),
      total: encodeMoney(data.total),
      tender: encodeTender(data.tender),
      initiatedAt: data.initiatedAt,
    }),
    decode: (json) => ({
      paymentId: paymentIdOf(json),
      tenant: json['tenant'] as TenantId,
      account: json['account'] as string,
      organisationId: json['organisationId'] as OrganisationId | null,
      inputHash: json['inputHash'] as string,
      bills: (json['bills'] as readonly JsonObject[]).map((bill) => ({
        billId: bill['billId'] as BillId,
        amount: bill['amount'] ? decodeMoney(bill['amount']) : null,
      })),
      total: decodeMoney(json['total']),
      tender: decodeTender(json['tender'] as JsonObject),
      initiatedAt: json['initiatedAt'] as Instant,
    }),
  },
  PaymentCaptured: {
    version: 1,
    encode: (data) => ({
      paymentId: data.paymentId,
      bills: data.bills.map(encodePaidBill),
      total: encodeMoney(data.total),
      change: data.change && encodeMoney(data.change),
      businessDate: data.businessDate,
      capturedAt: data.capturedAt,
      postings: encodePostings(data.postings),
    }),
    decode: (json) => ({
      paymentId: paymentIdOf(json),
      bills: (json['bills'] as readonly JsonObject[]).map(decodePaidBill),
      total: decodeMoney(json['total']),
      change: json['change'] ? decodeMoney(json['change']) : null,
      businessDate: json['businessDate'] as LocalDate,
      capturedAt: json['capturedAt'] as Instant,
      postings: decodePostings(json['postings']),
    }),
  },
  PaymentRefused: {
    version: 1,
    encode: ({ paymentId, failure, refusedAt }) => ({
      paymentId,
      failure: encodeFailure(failure),
      refusedAt,
    }),
    decode: (json) => ({
      paymentId: paymentIdOf(json),
      failure: decodeFailure(json['failure']),
      refusedAt: json['refusedAt'] as Instant,
    }),
  },
  PaymentFailed: {
    version: 1,
    encode: ({ paymentId, failure, failedAt }) => ({ paymentId, failure: encodeFailure(failure), failedAt }),
    decode: (json) => ({
      paymentId: paymentIdOf(json),
      failure: decodeFailure(json['failure']),
      failedAt: json['failedAt'] as Instant,
    }),
  },
});

function paymentIdOf(json: JsonObject): PaymentId {
  return json['paymentId'] as PaymentId;
}

function encodeTender(tender: Tender): JsonObject {
  if (tender.channel === 'wallet') return { channel: 'wallet', walletId: tender.walletId };
  return { channel: 'cash', tendered: encodeMoney(tender.tendered) };
}

function decodeTender(json: JsonObject): Tender {
  if (json['channel'] === 'wallet') return { channel: 'wallet', walletId: json['walletId'] as WalletId };
  return { channel: 'cash', tendered: decodeMoney(json['tendered']) };
}

function encodePaidBill(bill: PaidBill): JsonObject {
  return {
    billId: bill.billId,
    organisationId: bill.organisationId,
    billNumber: bill.billNumber,
    payerNumber: bill.payerNumber,
    description: bill.description,
    amount: encodeMoney(bill.amount),
  };
}

function decodePaidBill(json: JsonObject): PaidBill {
  return {
    billId: json['billId'] as BillId,
    organisationId: json['organisationId'] as OrganisationId,
    billNumber: json['billNumber'] as string,
    payerNumber: json['payerNumber'] as string,
    description: json['description'] as string,
    amount: decodeMoney(json['amount']),
  };
}

function encodeFailure({ code, message, path, details }: Failure): JsonObject {
  return { code, message, ...(path && { path }), ...(details && { details }) };
}

function decodeFailure(json: Json | undefined): Failure {
  return json as unknown as Failure;
}
