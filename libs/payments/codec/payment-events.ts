import { defineEvents } from '#libs/event-log/codec/types.js';
import { decodeMoney, decodePostings, encodeMoney, encodePostings } from '#libs/event-log/codec/money.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import type {
  AdvanceId,
  BillId,
  ContractId,
  OrganisationId,
  PaymentId,
  QrCodeId,
  QuoteId,
  TenantId,
} from '#libs/kernel/ids/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { AskedBill, Failure, PaidBill, PaymentEvent, PaymentRequest } from '../domain/payment/index.js';
import { authorisationTypes } from './authorisation-events.js';
import { lateSuccessTypes } from './late-success-events.js';
import { refundFenceTypes } from './refund-fence-events.js';
import { decodeTender, encodeTender } from './tender.js';

/** How the events of a payment are stored: schemas/events/payments. */
export const paymentEvents = defineEvents<PaymentEvent>('payments', {
  PaymentInitiated: {
    // v2: tenders beside wallet and cash. Every v1 event reads as v2 without a change.
    version: 2,
    upcasters: { 1: (json) => json },
    encode: (data) => ({
      paymentId: data.paymentId,
      tenant: data.tenant,
      account: data.account,
      organisationId: data.organisationId,
      inputHash: data.inputHash,
      bills: data.bills.map(encodeAskedBill),
      ...(data.funding && { funding: { contractId: data.funding.contractId } }),
      total: encodeMoney(data.total),
      ...(data.charge && { charge: encodeMoney(data.charge) }),
      ...(data.quote && { quote: { quoteId: data.quote.quoteId, asOf: data.quote.asOf } }),
      tender: encodeTender(data.tender),
      ...(data.merchantCodeId !== undefined && { merchantCodeId: data.merchantCodeId }),
      initiatedAt: data.initiatedAt,
    }),
    decode: decodeRequest,
  },
  PaymentCaptured: {
    version: 1,
    encode: (data) => ({
      paymentId: data.paymentId,
      bills: data.bills.map(encodePaidBill),
      ...(data.funding && { funding: { contractId: data.funding.contractId } }),
      total: encodeMoney(data.total),
      ...(data.charge && { charge: encodeMoney(data.charge) }),
      ...(data.reference !== undefined && { reference: data.reference }),
      change: data.change && encodeMoney(data.change),
      businessDate: data.businessDate,
      capturedAt: data.capturedAt,
      postings: encodePostings(data.postings),
    }),
    decode: (json) => ({
      paymentId: paymentIdOf(json),
      bills: (json['bills'] as readonly JsonObject[]).map(decodePaidBill),
      ...fundingOf(json),
      total: decodeMoney(json['total']),
      ...(json['charge'] && { charge: decodeMoney(json['charge']) }),
      ...(json['reference'] !== undefined && { reference: json['reference'] as string }),
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
  ...authorisationTypes,
  ...lateSuccessTypes,
  ...refundFenceTypes,
});

function paymentIdOf(json: JsonObject): PaymentId {
  return json['paymentId'] as PaymentId;
}

function fundingOf(json: JsonObject): Pick<PaymentRequest, 'funding'> {
  const funding = json['funding'] as JsonObject | undefined;
  return funding ? { funding: { contractId: funding['contractId'] as ContractId } } : {};
}

function decodeRequest(json: JsonObject): PaymentRequest {
  const quote = json['quote'] as JsonObject | undefined;
  return {
    paymentId: paymentIdOf(json),
    tenant: json['tenant'] as TenantId,
    account: json['account'] as string,
    organisationId: json['organisationId'] as OrganisationId | null,
    inputHash: json['inputHash'] as string,
    bills: (json['bills'] as readonly JsonObject[]).map(decodeAskedBill),
    ...fundingOf(json),
    total: decodeMoney(json['total']),
    ...(json['charge'] && { charge: decodeMoney(json['charge']) }),
    ...(quote && { quote: { quoteId: quote['quoteId'] as QuoteId, asOf: quote['asOf'] as LocalDate } }),
    tender: decodeTender(json['tender'] as JsonObject),
    ...(json['merchantCodeId'] !== undefined && { merchantCodeId: json['merchantCodeId'] as QrCodeId }),
    initiatedAt: json['initiatedAt'] as Instant,
  };
}

function encodeAskedBill({ billId, amount, quotedDue }: AskedBill): JsonObject {
  return {
    billId,
    amount: amount && encodeMoney(amount),
    ...(quotedDue && { quotedDue: encodeMoney(quotedDue) }),
  };
}

function decodeAskedBill(json: JsonObject): AskedBill {
  return {
    billId: json['billId'] as BillId,
    amount: json['amount'] ? decodeMoney(json['amount']) : null,
    ...(json['quotedDue'] && { quotedDue: decodeMoney(json['quotedDue']) }),
  };
}

function encodePaidBill(bill: PaidBill): JsonObject {
  const { advance, lateFee } = bill;
  return {
    billId: bill.billId,
    organisationId: bill.organisationId,
    billNumber: bill.billNumber,
    payerNumber: bill.payerNumber,
    description: bill.description,
    amount: encodeMoney(bill.amount),
    ...(lateFee && { lateFee: encodeMoney(lateFee) }),
    ...(advance && { advance: { advanceId: advance.advanceId, amount: encodeMoney(advance.amount) } }),
  };
}

function decodePaidBill(json: JsonObject): PaidBill {
  const advance = json['advance'] as JsonObject | undefined;
  return {
    billId: json['billId'] as BillId,
    organisationId: json['organisationId'] as OrganisationId,
    billNumber: json['billNumber'] as string,
    payerNumber: json['payerNumber'] as string,
    description: json['description'] as string,
    amount: decodeMoney(json['amount']),
    ...(json['lateFee'] && { lateFee: decodeMoney(json['lateFee']) }),
    ...(advance && {
      advance: { advanceId: advance['advanceId'] as AdvanceId, amount: decodeMoney(advance['amount']) },
    }),
  };
}

function encodeFailure({ code, message, path, details }: Failure): JsonObject {
  return { code, message, ...(path && { path }), ...(details && { details }) };
}

function decodeFailure(json: Json | undefined): Failure {
  return json as unknown as Failure;
}
