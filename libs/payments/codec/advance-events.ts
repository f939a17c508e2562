import { defineEvents } from '#libs/event-log/codec/types.js';
import { decodeMoney, decodePostings, encodeMoney, encodePostings } from '#libs/event-log/codec/money.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import type { AdvanceId, BillId, OrganisationId, PaymentId, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { AdvanceEvent, AdvanceMoved } from '../domain/advance/index.js';

/** How the events of an advance are stored: schemas/events/payments. */
export const advanceEvents = defineEvents<AdvanceEvent>('payments', {
  AdvanceCredited: {
    version: 1,
    encode: (data) => ({
      advanceId: data.advanceId,
      tenant: data.tenant,
      organisationId: data.organisationId,
      payerNumber: data.payerNumber,
      paymentId: data.paymentId,
      billId: data.billId,
      amount: encodeMoney(data.amount),
      availableAfter: encodeMoney(data.availableAfter),
      heldAfter: encodeMoney(data.heldAfter),
      creditedAt: data.creditedAt,
    }),
    decode: (json) => ({
      ...decodeMoved(json),
      tenant: json['tenant'] as TenantId,
      organisationId: json['organisationId'] as OrganisationId,
      payerNumber: json['payerNumber'] as string,
      billId: json['billId'] as BillId,
      creditedAt: json['creditedAt'] as Instant,
    }),
  },
  AdvanceHeld: {
    version: 1,
    encode: (data) => ({ ...encodeMoved(data), postings: encodePostings(data.postings) }),
    decode: (json) => ({ ...decodeMoved(json), postings: decodePostings(json['postings']) }),
  },
  AdvanceHoldReleased: {
    version: 1,
    encode: (data) => ({ ...encodeMoved(data), postings: encodePostings(data.postings) }),
    decode: (json) => ({ ...decodeMoved(json), postings: decodePostings(json['postings']) }),
  },
  AdvanceHoldSpent: { version: 1, encode: encodeMoved, decode: decodeMoved },
  AdvancePaymentBarred: {
    version: 1,
    encode: ({ advanceId, paymentId }) => ({ advanceId, paymentId }),
    decode: (json) => ({
      advanceId: json['advanceId'] as AdvanceId,
      paymentId: json['paymentId'] as PaymentId,
    }),
  },
});

function encodeMoved({ advanceId, paymentId, amount, availableAfter, heldAfter }: AdvanceMoved): JsonObject {
  return {
    advanceId,
    paymentId,
    amount: encodeMoney(amount),
    availableAfter: encodeMoney(availableAfter),
    heldAfter: encodeMoney(heldAfter),
  };
}

function decodeMoved(json: JsonObject): AdvanceMoved {
  return {
    advanceId: json['advanceId'] as AdvanceId,
    paymentId: json['paymentId'] as PaymentId,
    amount: decodeMoney(json['amount']),
    availableAfter: decodeMoney(json['availableAfter']),
    heldAfter: decodeMoney(json['heldAfter']),
  };
}
