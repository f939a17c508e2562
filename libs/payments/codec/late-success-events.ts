import { decodeMoney, decodePostings, encodeMoney, encodePostings } from '#libs/event-log/codec/money.js';
import type { EventSet } from '#libs/event-log/codec/types.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import type { OrganisationId, PaymentId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { LateSuccessEvent, OutsideChannel } from '../domain/payment/index.js';

export const lateSuccessTypes: EventSet<LateSuccessEvent>['types'] = {
  PaymentLateSuccessRecorded: {
    version: 1,
    encode: (data) => ({
      paymentId: data.paymentId,
      account: data.account,
      channel: data.channel,
      initiatedAt: data.initiatedAt,
      reference: data.reference,
      amount: encodeMoney(data.amount),
      organisationId: data.organisationId,
      recordedAt: data.recordedAt,
      postings: encodePostings(data.postings),
    }),
    decode: (json) => ({
      paymentId: paymentIdOf(json),
      account: json['account'] as string,
      channel: json['channel'] as OutsideChannel,
      initiatedAt: json['initiatedAt'] as Instant,
      reference: json['reference'] as string,
      amount: decodeMoney(json['amount']),
      organisationId: json['organisationId'] as OrganisationId,
      recordedAt: json['recordedAt'] as Instant,
      postings: decodePostings(json['postings']),
    }),
  },
  PaymentReturnSought: {
    version: 1,
    encode: ({ paymentId, operationId, soughtAt }) => ({ paymentId, operationId, soughtAt }),
    decode: (json) => ({
      paymentId: paymentIdOf(json),
      operationId: json['operationId'] as string,
      soughtAt: json['soughtAt'] as Instant,
    }),
  },
  PaymentLateSuccessReturned: {
    version: 1,
    encode: ({ paymentId, operationId, reference, amount, returnedAt, postings }) => ({
      paymentId,
      operationId,
      reference,
      amount: encodeMoney(amount),
      returnedAt,
      postings: encodePostings(postings),
    }),
    decode: (json) => ({
      paymentId: paymentIdOf(json),
      operationId: json['operationId'] as string,
      reference: json['reference'] as string,
      amount: decodeMoney(json['amount']),
      returnedAt: json['returnedAt'] as Instant,
      postings: decodePostings(json['postings']),
    }),
  },
  PaymentLateSuccessReallocated: {
    version: 1,
    encode: ({ paymentId, byPayment, reallocatedAt }) => ({ paymentId, byPayment, reallocatedAt }),
    decode: (json) => ({
      paymentId: paymentIdOf(json),
      byPayment: json['byPayment'] as PaymentId,
      reallocatedAt: json['reallocatedAt'] as Instant,
    }),
  },
};

function paymentIdOf(json: JsonObject): PaymentId {
  return json['paymentId'] as PaymentId;
}
