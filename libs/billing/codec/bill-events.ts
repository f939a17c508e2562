import { defineEvents } from '#libs/event-log/codec/types.js';
import { decodeMoney, encodeMoney } from '#libs/event-log/codec/money.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import type {
  BillId,
  FeeItemId,
  OrganisationId,
  PaymentId,
  SubjectId,
  TenantId,
} from '#libs/kernel/ids/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { BillEvent, BillItem, Payer, PaymentPolicy } from '../domain/bill/index.js';

/** How the events of a bill are stored: schemas/events/billing. */
export const billEvents = defineEvents<BillEvent>('billing', {
  BillIssued: {
    version: 1,
    encode: (data) => ({
      billId: data.billId,
      tenant: data.tenant,
      organisationId: data.organisationId,
      number: data.number,
      payer: encodePayer(data.payer),
      academicYear: data.academicYear,
      term: data.term,
      items: data.items.map(encodeItem),
      total: encodeMoney(data.total),
      waived: encodeMoney(data.waived),
      outstandingAfter: encodeMoney(data.outstandingAfter),
      dueDate: data.dueDate,
      policy: encodePolicy(data.policy),
      issuedAt: data.issuedAt,
    }),
    decode: (json) => ({
      billId: billIdOf(json),
      tenant: json['tenant'] as TenantId,
      organisationId: json['organisationId'] as OrganisationId,
      number: json['number'] as string,
      payer: decodePayer(json['payer']),
      academicYear: json['academicYear'] as string,
      term: json['term'] as string,
      items: decodeItems(json['items']),
      total: decodeMoney(json['total']),
      waived: decodeMoney(json['waived']),
      outstandingAfter: decodeMoney(json['outstandingAfter']),
      dueDate: json['dueDate'] as LocalDate,
      policy: decodePolicy(json['policy']),
      issuedAt: json['issuedAt'] as Instant,
    }),
  },
  BillAmended: {
    version: 1,
    encode: (data) => ({
      billId: data.billId,
      items: data.items.map(encodeItem),
      total: encodeMoney(data.total),
      waived: encodeMoney(data.waived),
      dueDate: data.dueDate,
      note: data.note && { kind: data.note.kind, difference: encodeMoney(data.note.difference) },
      outstandingAfter: encodeMoney(data.outstandingAfter),
    }),
    decode: (json) => ({
      billId: billIdOf(json),
      items: decodeItems(json['items']),
      total: decodeMoney(json['total']),
      waived: decodeMoney(json['waived']),
      dueDate: json['dueDate'] as LocalDate,
      note: decodeNote(json['note'] as JsonObject | null),
      outstandingAfter: decodeMoney(json['outstandingAfter']),
    }),
  },
  BillPayerCorrected: {
    version: 1,
    encode: ({ billId, payer }) => ({ billId, payer: encodePayer(payer) }),
    decode: (json) => ({ billId: billIdOf(json), payer: decodePayer(json['payer']) }),
  },
  BillReserved: {
    version: 1,
    encode: ({ billId, paymentId, amount, reservedAfter }) => ({
      billId,
      paymentId,
      amount: encodeMoney(amount),
      reservedAfter: encodeMoney(reservedAfter),
    }),
    decode: decodeReservation,
  },
  BillReservationReleased: {
    version: 1,
    encode: ({ billId, paymentId, amount, reservedAfter }) => ({
      billId,
      paymentId,
      amount: encodeMoney(amount),
      reservedAfter: encodeMoney(reservedAfter),
    }),
    decode: decodeReservation,
  },
  BillPaymentBarred: {
    version: 1,
    encode: ({ billId, paymentId }) => ({ billId, paymentId }),
    decode: (json) => ({ billId: billIdOf(json), paymentId: json['paymentId'] as PaymentId }),
  },
  BillPaymentAllocated: {
    version: 1,
    encode: (data) => ({
      billId: data.billId,
      paymentId: data.paymentId,
      amount: encodeMoney(data.amount),
      perItem: data.perItem.map(({ feeItemId, amount }) => ({ feeItemId, amount: encodeMoney(amount) })),
      outstandingAfter: encodeMoney(data.outstandingAfter),
      reservedAfter: encodeMoney(data.reservedAfter),
      paidAfter: encodeMoney(data.paidAfter),
    }),
    decode: (json) => ({
      ...decodeReservation(json),
      perItem: (json['perItem'] as readonly JsonObject[]).map((part) => ({
        feeItemId: part['feeItemId'] as FeeItemId,
        amount: decodeMoney(part['amount']),
      })),
      outstandingAfter: decodeMoney(json['outstandingAfter']),
      paidAfter: decodeMoney(json['paidAfter']),
    }),
  },
  BillCancelled: {
    version: 1,
    encode: ({ billId, reason, requestId }) => ({ billId, reason, requestId }),
    decode: (json) => ({
      billId: billIdOf(json),
      reason: json['reason'] as string,
      requestId: json['requestId'] as string,
    }),
  },
});

function billIdOf(json: JsonObject): BillId {
  return json['billId'] as BillId;
}

function encodePayer({ subjectId, number, name, group, grade }: Payer): JsonObject {
  return { subjectId, number, name, group, grade };
}

/** The name reads as null once the person's key is destroyed. */
function decodePayer(json: Json | undefined): Payer {
  const payer = json as JsonObject;
  return {
    subjectId: payer['subjectId'] as SubjectId,
    number: payer['number'] as string,
    name: payer['name'] as string | null,
    group: payer['group'] as string,
    grade: payer['grade'] as string,
  };
}

function encodeItem({ feeItemId, code, name, category, glCode, priority, amount }: BillItem): JsonObject {
  return { feeItemId, code, name, category, glCode, priority, amount: encodeMoney(amount) };
}

function decodeItems(json: Json | undefined): readonly BillItem[] {
  return (json as readonly JsonObject[]).map((item) => ({
    feeItemId: item['feeItemId'] as FeeItemId,
    code: item['code'] as string,
    name: item['name'] as string,
    category: item['category'] as string,
    glCode: item['glCode'] as string,
    priority: item['priority'] as number,
    amount: decodeMoney(item['amount']),
  }));
}

function encodePolicy({ partialAllowed, minimumPartial }: PaymentPolicy): JsonObject {
  return { partialAllowed, minimumPartial: encodeMoney(minimumPartial) };
}

function decodePolicy(json: Json | undefined): PaymentPolicy {
  const policy = json as JsonObject;
  return {
    partialAllowed: policy['partialAllowed'] as boolean,
    minimumPartial: decodeMoney(policy['minimumPartial']),
  };
}

function decodeNote(json: JsonObject | null) {
  return json && { kind: json['kind'] as 'credit' | 'debit', difference: decodeMoney(json['difference']) };
}

function decodeReservation(json: JsonObject) {
  return {
    billId: billIdOf(json),
    paymentId: json['paymentId'] as PaymentId,
    amount: decodeMoney(json['amount']),
    reservedAfter: decodeMoney(json['reservedAfter']),
  };
}
