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
import type { BillEvent, BillItem, BillStanding, Payer } from '../domain/bill/index.js';
import { owedEventTypes } from './owed-events.js';
import { decodeParts, encodeParts, optionalMoney } from './parts.js';
import { decodePolicy, encodePolicy } from './policy.js';

/** How the events of a bill are stored: schemas/events/billing. */
export const billEvents = defineEvents<BillEvent>('billing', {
  ...owedEventTypes,
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
      ...(data.lastDayAfter === undefined ? {} : { lastDayAfter: data.lastDayAfter }),
    }),
    decode: (json) => ({
      billId: billIdOf(json),
      items: decodeItems(json['items']),
      total: decodeMoney(json['total']),
      waived: decodeMoney(json['waived']),
      dueDate: json['dueDate'] as LocalDate,
      note: decodeNote(json['note'] as JsonObject | null),
      outstandingAfter: decodeMoney(json['outstandingAfter']),
      ...(json['lastDayAfter'] === undefined ? {} : { lastDayAfter: json['lastDayAfter'] as LocalDate }),
    }),
  },
  BillPayerCorrected: {
    version: 1,
    encode: ({ billId, payer }) => ({ billId, payer: encodePayer(payer) }),
    decode: (json) => ({ billId: billIdOf(json), payer: decodePayer(json['payer']) }),
  },
  BillReserved: {
    version: 1,
    encode: ({ billId, paymentId, amount, reservedAfter, lateFee, rebate, advance }) => ({
      billId,
      paymentId,
      amount: encodeMoney(amount),
      reservedAfter: encodeMoney(reservedAfter),
      ...(lateFee ? { lateFee: encodeMoney(lateFee) } : {}),
      ...(rebate ? { rebate: encodeMoney(rebate) } : {}),
      ...(advance ? { advance: encodeMoney(advance) } : {}),
    }),
    decode: (json) => ({
      ...decodeReservation(json),
      ...optionalMoney(json, 'lateFee'),
      ...optionalMoney(json, 'rebate'),
      ...optionalMoney(json, 'advance'),
    }),
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
      perItem: encodeParts(data.perItem),
      outstandingAfter: encodeMoney(data.outstandingAfter),
      reservedAfter: encodeMoney(data.reservedAfter),
      paidAfter: encodeMoney(data.paidAfter),
      ...(data.lateFee ? { lateFee: encodeMoney(data.lateFee) } : {}),
      ...(data.rebate ? { rebate: encodeMoney(data.rebate) } : {}),
      ...(data.rebateAfter ? { rebateAfter: encodeMoney(data.rebateAfter) } : {}),
      ...(data.statusAfter ? { statusAfter: data.statusAfter } : {}),
    }),
    decode: (json) => ({
      ...decodeReservation(json),
      perItem: decodeParts(json['perItem']),
      outstandingAfter: decodeMoney(json['outstandingAfter']),
      paidAfter: decodeMoney(json['paidAfter']),
      ...optionalMoney(json, 'lateFee'),
      ...optionalMoney(json, 'rebate'),
      ...optionalMoney(json, 'rebateAfter'),
      ...(json['statusAfter'] === undefined ? {} : { statusAfter: json['statusAfter'] as BillStanding }),
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
