import { defineEvents } from '#libs/event-log/codec/types.js';
import { decodeMoney, decodePostings, encodeMoney, encodePostings } from '#libs/event-log/codec/money.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import type { BillId, OrganisationId, PaymentId, RefundId, TenantId } from '#libs/kernel/ids/index.js';
import type { Posting } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { Person, RefundedPayout, RefundEvent, RefundKind, RejectedBy } from '../domain/refund/index.js';

/** How the events of a refund are stored: schemas/events/payments. */
export const refundEvents = defineEvents<RefundEvent>('payments', {
  RefundRequested: {
    // v2: what contracts give back. Every v1 event reads as v2 without a change.
    version: 2,
    upcasters: { 1: (json) => json },
    encode: ({ lines, amount, maker, payout, ...data }) => ({
      ...data,
      ...(payout && { payout: { ...payout } }),
      lines: lines.map((line) => ({ billId: line.billId, amount: encodeMoney(line.amount) })),
      amount: encodeMoney(amount),
      maker: encodePerson(maker),
    }),
    decode: (json) => ({
      refundId: refundIdOf(json),
      tenant: json['tenant'] as TenantId,
      organisationId: json['organisationId'] as OrganisationId,
      paymentId: json['paymentId'] as PaymentId,
      refundKind: json['refundKind'] as RefundKind,
      lines: (json['lines'] as readonly JsonObject[]).map((line) => ({
        billId: line['billId'] as BillId,
        amount: decodeMoney(line['amount']),
      })),
      ...(json['payout'] !== undefined && { payout: json['payout'] as unknown as RefundedPayout }),
      amount: decodeMoney(json['amount']),
      reason: json['reason'] as string,
      maker: decodePerson(json['maker']),
      inputHash: json['inputHash'] as string,
      approvalNeeded: json['approvalNeeded'] as boolean,
      requestedAt: json['requestedAt'] as Instant,
    }),
  },
  RefundApproved: {
    version: 1,
    encode: ({ refundId, checker, approvedAt }) => ({
      refundId,
      checker: checker && encodePerson(checker),
      approvedAt,
    }),
    decode: (json) => ({
      refundId: refundIdOf(json),
      checker: json['checker'] ? decodePerson(json['checker']) : null,
      approvedAt: json['approvedAt'] as Instant,
    }),
  },
  RefundSent: {
    version: 1,
    encode: ({ refundId, postings, sentAt }) => ({ refundId, ...moved(postings), sentAt }),
    decode: (json) => ({
      refundId: refundIdOf(json),
      postings: movedBy(json),
      sentAt: json['sentAt'] as Instant,
    }),
  },
  RefundReturned: {
    version: 1,
    encode: ({ postings, ...data }) => ({ ...data, ...moved(postings) }),
    decode: (json) => ({
      refundId: refundIdOf(json),
      reference: json['reference'] as string,
      postings: movedBy(json),
      ...(json['confirmation'] !== undefined && { confirmation: json['confirmation'] as string }),
      returnedAt: json['returnedAt'] as Instant,
    }),
  },
  RefundRejected: {
    version: 1,
    encode: ({ postings, ...data }) => ({ ...data, ...moved(postings) }),
    decode: (json) => ({
      refundId: refundIdOf(json),
      by: json['by'] as RejectedBy,
      code: json['code'] as string,
      reason: json['reason'] as string,
      postings: movedBy(json),
      rejectedAt: json['rejectedAt'] as Instant,
    }),
  },
  RefundCompleted: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({ refundId: refundIdOf(json), completedAt: json['completedAt'] as Instant }),
  },
  RefundPaidAfterAll: {
    version: 1,
    encode: ({ postings, ...data }) => ({ ...data, ...moved(postings) }),
    decode: (json) => ({
      refundId: refundIdOf(json),
      reference: json['reference'] as string,
      postings: movedBy(json),
      paidAt: json['paidAt'] as Instant,
    }),
  },
  RefundCameBack: {
    version: 1,
    encode: ({ postings, ...data }) => ({ ...data, ...moved(postings) }),
    decode: (json) => ({
      refundId: refundIdOf(json),
      reference: json['reference'] as string,
      postings: movedBy(json),
      cameBackAt: json['cameBackAt'] as Instant,
    }),
  },
});

/** An event that moves no money here carries no postings at all. */
function moved(postings: readonly Posting[]): JsonObject {
  return postings.length === 0 ? {} : { postings: encodePostings(postings) };
}

function movedBy(json: JsonObject): readonly Posting[] {
  return json['postings'] ? decodePostings(json['postings']) : [];
}

function refundIdOf(json: JsonObject): RefundId {
  return json['refundId'] as RefundId;
}

function encodePerson({ accountId, personId }: Person): JsonObject {
  return { accountId, personId };
}

function decodePerson(json: Json | undefined): Person {
  return json as unknown as Person;
}
