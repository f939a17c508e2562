import { decodeMoney, encodeMoney } from '#libs/event-log/codec/money.js';
import type { EventSet } from '#libs/event-log/codec/types.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import type { BillId, PaymentId, RefundId } from '#libs/kernel/ids/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type {
  BillEvent,
  BillLateFeeCharged,
  BillStanding,
  NoteKind,
  ReversalReason,
  WriteOffRefusalReason,
} from '../domain/bill/index.js';
import { decodeParts, encodeParts } from './parts.js';

type Owed =
  | 'BillLateFeeCharged'
  | 'BillLateFeeWaived'
  | 'BillRefunded'
  | 'BillAllocationReversed'
  | 'BillAdjusted'
  | 'BillWriteOffRequested'
  | 'BillWriteOffRefused'
  | 'BillWrittenOff'
  | 'BillExpired';

/** What changes what a bill asks for after it was issued. */
export const owedEventTypes: Pick<EventSet<BillEvent>['types'], Owed> = {
  BillLateFeeCharged: {
    version: 1,
    encode: (data) => ({
      billId: data.billId,
      ...encodeLateFee(data),
      principal: encodeMoney(data.principal),
    }),
    decode: (json) => ({ ...decodeLateFee(json), principal: decodeMoney(json['principal']) }),
  },
  BillLateFeeWaived: {
    version: 1,
    encode: (data) => ({ billId: data.billId, paymentId: data.paymentId, ...encodeLateFee(data) }),
    decode: (json) => ({ ...decodeLateFee(json), paymentId: json['paymentId'] as PaymentId }),
  },
  BillRefunded: {
    version: 1,
    encode: ({ billId, paymentId, refundId, amount, refundedAfter, statusAfter }) => ({
      billId,
      paymentId,
      refundId,
      amount: encodeMoney(amount),
      refundedAfter: encodeMoney(refundedAfter),
      ...(statusAfter ? { statusAfter } : {}),
    }),
    decode: (json) => ({
      ...decodeRefund(json),
      refundedAfter: decodeMoney(json['refundedAfter']),
      ...(json['statusAfter'] === undefined ? {} : { statusAfter: json['statusAfter'] as BillStanding }),
    }),
  },
  BillAllocationReversed: {
    version: 1,
    encode: (data) => ({
      billId: data.billId,
      paymentId: data.paymentId,
      refundId: data.refundId,
      why: data.why,
      amount: encodeMoney(data.amount),
      rebate: encodeMoney(data.rebate),
      reapportioned: data.reapportioned.map(({ paymentId, lateFee, perItem }) => ({
        paymentId,
        lateFee: encodeMoney(lateFee),
        perItem: encodeParts(perItem),
      })),
      outstandingAfter: encodeMoney(data.outstandingAfter),
      paidAfter: encodeMoney(data.paidAfter),
      rebateAfter: encodeMoney(data.rebateAfter),
      statusAfter: data.statusAfter,
    }),
    decode: (json) => ({
      ...decodeRefund(json),
      why: json['why'] as ReversalReason,
      rebate: decodeMoney(json['rebate']),
      reapportioned: (json['reapportioned'] as readonly JsonObject[]).map((share) => ({
        paymentId: share['paymentId'] as PaymentId,
        lateFee: decodeMoney(share['lateFee']),
        perItem: decodeParts(share['perItem']),
      })),
      outstandingAfter: decodeMoney(json['outstandingAfter']),
      paidAfter: decodeMoney(json['paidAfter']),
      rebateAfter: decodeMoney(json['rebateAfter']),
      statusAfter: json['statusAfter'] as BillStanding,
    }),
  },
  BillAdjusted: {
    version: 1,
    encode: (data) => ({
      billId: data.billId,
      noteId: data.noteId,
      note: data.note,
      amount: encodeMoney(data.amount),
      perItem: encodeParts(data.perItem),
      reason: data.reason,
      adjustedAfter: encodeMoney(data.adjustedAfter),
      outstandingAfter: encodeMoney(data.outstandingAfter),
      statusAfter: data.statusAfter,
    }),
    decode: (json) => ({
      billId: json['billId'] as BillId,
      noteId: json['noteId'] as string,
      note: json['note'] as NoteKind,
      amount: decodeMoney(json['amount']),
      perItem: decodeParts(json['perItem']),
      reason: json['reason'] as string,
      adjustedAfter: decodeMoney(json['adjustedAfter']),
      outstandingAfter: decodeMoney(json['outstandingAfter']),
      statusAfter: json['statusAfter'] as BillStanding,
    }),
  },
  BillWriteOffRequested: {
    version: 1,
    encode: ({ billId, approvalId, amount, reason, requestedAt, expiresAt }) => ({
      billId,
      approvalId,
      amount: encodeMoney(amount),
      reason,
      requestedAt,
      expiresAt,
    }),
    decode: (json) => ({
      ...decodeWriteOff(json),
      requestedAt: json['requestedAt'] as Instant,
      expiresAt: json['expiresAt'] as Instant,
    }),
  },
  BillWriteOffRefused: {
    version: 1,
    encode: ({ billId, approvalId, why }) => ({ billId, approvalId, why }),
    decode: (json) => ({
      billId: json['billId'] as BillId,
      approvalId: json['approvalId'] as string,
      why: json['why'] as WriteOffRefusalReason,
    }),
  },
  BillWrittenOff: {
    version: 1,
    encode: ({ billId, approvalId, amount, reason, outstandingAfter }) => ({
      billId,
      approvalId,
      amount: encodeMoney(amount),
      reason,
      outstandingAfter: encodeMoney(outstandingAfter),
    }),
    decode: (json) => ({ ...decodeWriteOff(json), outstandingAfter: decodeMoney(json['outstandingAfter']) }),
  },
  BillExpired: {
    version: 1,
    encode: ({ billId, amount, lastDay, outstandingAfter }) => ({
      billId,
      amount: encodeMoney(amount),
      lastDay,
      outstandingAfter: encodeMoney(outstandingAfter),
    }),
    decode: (json) => ({
      billId: json['billId'] as BillId,
      amount: decodeMoney(json['amount']),
      lastDay: json['lastDay'] as LocalDate,
      outstandingAfter: decodeMoney(json['outstandingAfter']),
    }),
  },
};

type LateFeeData = Omit<BillLateFeeCharged['data'], 'principal'>;

function encodeLateFee({ amount, from, to, lateFeeAfter, outstandingAfter }: LateFeeData): JsonObject {
  return {
    amount: encodeMoney(amount),
    from,
    to,
    lateFeeAfter: encodeMoney(lateFeeAfter),
    outstandingAfter: encodeMoney(outstandingAfter),
  };
}

function decodeLateFee(json: JsonObject): LateFeeData {
  return {
    billId: json['billId'] as BillId,
    amount: decodeMoney(json['amount']),
    from: json['from'] as LocalDate,
    to: json['to'] as LocalDate,
    lateFeeAfter: decodeMoney(json['lateFeeAfter']),
    outstandingAfter: decodeMoney(json['outstandingAfter']),
  };
}

function decodeRefund(json: JsonObject) {
  return {
    billId: json['billId'] as BillId,
    paymentId: json['paymentId'] as PaymentId,
    refundId: json['refundId'] as RefundId,
    amount: decodeMoney(json['amount']),
  };
}

function decodeWriteOff(json: JsonObject) {
  return {
    billId: json['billId'] as BillId,
    approvalId: json['approvalId'] as string,
    amount: decodeMoney(json['amount']),
    reason: json['reason'] as string,
  };
}
