import { decodeMoney, encodeMoney } from '#libs/event-log/codec/money.js';
import type { EventSet } from '#libs/event-log/codec/types.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import type { BillId, PaymentId, RefundId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { RefundEvent, RefundLine } from '../domain/payment/index.js';

/** Events of the payment's stream by which refunds set parts of it aside. */
export const refundFenceTypes: EventSet<RefundEvent>['types'] = {
  PaymentRefundHeld: {
    version: 1,
    encode: ({ paymentId, refundId, lines, amount, refundableAfter, heldAt }) => ({
      paymentId,
      refundId,
      lines: lines.map(encodeLine),
      amount: encodeMoney(amount),
      refundableAfter: encodeMoney(refundableAfter),
      heldAt,
    }),
    decode: (json) => ({
      ...idsOf(json),
      lines: linesOf(json),
      amount: decodeMoney(json['amount']),
      refundableAfter: decodeMoney(json['refundableAfter']),
      heldAt: json['heldAt'] as Instant,
    }),
  },
  PaymentRefundReleased: {
    version: 1,
    encode: ({ paymentId, refundId, amount, refundableAfter, releasedAt }) => ({
      paymentId,
      refundId,
      amount: encodeMoney(amount),
      refundableAfter: encodeMoney(refundableAfter),
      releasedAt,
    }),
    decode: (json) => ({
      ...idsOf(json),
      amount: decodeMoney(json['amount']),
      refundableAfter: decodeMoney(json['refundableAfter']),
      releasedAt: json['releasedAt'] as Instant,
    }),
  },
  PaymentRefunded: {
    version: 1,
    encode: ({ paymentId, refundId, lines, amount, refundedAfter, settledAt }) => ({
      paymentId,
      refundId,
      lines: lines.map(encodeLine),
      amount: encodeMoney(amount),
      refundedAfter: encodeMoney(refundedAfter),
      settledAt,
    }),
    decode: (json) => ({
      ...idsOf(json),
      lines: linesOf(json),
      amount: decodeMoney(json['amount']),
      refundedAfter: decodeMoney(json['refundedAfter']),
      settledAt: json['settledAt'] as Instant,
    }),
  },
};

function idsOf(json: JsonObject): { readonly paymentId: PaymentId; readonly refundId: RefundId } {
  return { paymentId: json['paymentId'] as PaymentId, refundId: json['refundId'] as RefundId };
}

function encodeLine({ billId, amount }: RefundLine): JsonObject {
  return { billId, amount: encodeMoney(amount) };
}

function linesOf(json: JsonObject): readonly RefundLine[] {
  return (json['lines'] as readonly JsonObject[]).map((line) => ({
    billId: line['billId'] as BillId,
    amount: decodeMoney(line['amount']),
  }));
}
