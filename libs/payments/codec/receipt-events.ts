import { defineEvents } from '#libs/event-log/codec/types.js';
import { decodeMoney, encodeMoney } from '#libs/event-log/codec/money.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import type { BillId, ContractId, OrganisationId, PaymentId, RefundId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { Channel } from '../domain/payment/index.js';
import type { ReceiptBookEvent } from '../domain/receipt-book/index.js';

/** How the events of a receipt book are stored: schemas/events/payments. */
export const receiptEvents = defineEvents<ReceiptBookEvent>('payments', {
  ReceiptIssued: {
    // v2: channels beside wallet and cash. Every v1 event reads as v2 without a change.
    version: 2,
    upcasters: { 1: (json) => json },
    encode: (data) => ({
      receiptId: data.receiptId,
      paymentId: data.paymentId,
      organisationId: data.organisationId,
      series: data.series,
      sequence: data.sequence,
      number: data.number,
      lines: data.lines.map(
        ({ billId, billNumber, payerNumber, description, amount, advance, contractId }) => ({
          billId,
          billNumber,
          payerNumber,
          description,
          amount: encodeMoney(amount),
          ...(advance && { advance: encodeMoney(advance) }),
          ...(contractId !== undefined && { contractId }),
        }),
      ),
      total: encodeMoney(data.total),
      channel: data.channel,
      verificationCode: data.verificationCode,
      issuedAt: data.issuedAt,
    }),
    decode: (json) => ({
      receiptId: json['receiptId'] as string,
      paymentId: json['paymentId'] as PaymentId,
      organisationId: json['organisationId'] as OrganisationId,
      series: json['series'] as string,
      sequence: json['sequence'] as number,
      number: json['number'] as string,
      lines: (json['lines'] as readonly JsonObject[]).map((line) => ({
        billId: line['billId'] as BillId,
        billNumber: line['billNumber'] as string,
        payerNumber: line['payerNumber'] as string,
        description: line['description'] as string,
        amount: decodeMoney(line['amount']),
        ...(line['advance'] && { advance: decodeMoney(line['advance']) }),
        ...(line['contractId'] !== undefined && { contractId: line['contractId'] as ContractId }),
      })),
      total: decodeMoney(json['total']),
      channel: json['channel'] as Channel,
      verificationCode: json['verificationCode'] as string,
      issuedAt: json['issuedAt'] as Instant,
    }),
  },
  ReceiptCancelled: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      receiptId: json['receiptId'] as string,
      paymentId: json['paymentId'] as PaymentId,
      organisationId: json['organisationId'] as OrganisationId,
      sequence: json['sequence'] as number,
      refundId: json['refundId'] as RefundId,
      reason: json['reason'] as string,
      cancelledAt: json['cancelledAt'] as Instant,
    }),
  },
});
