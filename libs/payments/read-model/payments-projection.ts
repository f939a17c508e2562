import { defineProjection } from '#libs/event-log/consumers/define-projection.js';
import { on, type EventPlace, type Projection } from '#libs/event-log/consumers/types.js';
import type { ViewWriter } from '#libs/views/port/index.js';
import { paymentEvents, receiptEvents } from '../codec/index.js';
import type { PaymentStatus } from '../contract/index.js';
import {
  CANCELLED_CODE,
  type OpenPayment,
  type PaymentCaptured,
  type PaymentFailed,
  type PaymentInitiated,
  type PaymentLateSuccessRecorded,
} from '../domain/payment/index.js';
import type { ReceiptIssued } from '../domain/receipt-book/index.js';
import {
  openPaymentTable,
  organisationPaymentTable,
  paymentBillTable,
  paymentTable,
  receiptTable,
  type StoredLine,
} from './tables.js';

/** Payments, what they paid, receipts and what is still open: one fold, so that they never disagree. */
export const paymentsProjection: Projection = defineProjection({
  name: 'payments',
  version: 5,
  tables: [paymentTable, paymentBillTable, organisationPaymentTable, receiptTable, openPaymentTable],
  parts: [
    on(paymentEvents, {
      PaymentInitiated: putPayment,
      PaymentCaptured: capture,
      PaymentRefused: ({ paymentId, refusedAt }, view) =>
        patchOpen(view, paymentId, { status: 'REFUSED', last_step_at: refusedAt }),
      PaymentFailed: fail,
      PaymentAuthorisationSought: ({ paymentId, organisationId, expiresAt, soughtAt }, view) => {
        view.patch('payment', { id: paymentId }, { expires_at: expiresAt });
        view.put('organisation_payment', listed(organisationId, paymentId, soughtAt));
        patchOpen(view, paymentId, { status: 'AUTHORISING', last_step_at: soughtAt });
      },
      PaymentInstructed: ({ paymentId, remittanceCode }, view) =>
        view.patch('payment', { id: paymentId }, { remittance_code: remittanceCode }),
      PaymentOutcomeUnknown: ({ paymentId, since }, view) => {
        view.patch('payment', { id: paymentId }, { status: 'UNKNOWN' satisfies PaymentStatus });
        patchOpen(view, paymentId, { status: 'UNKNOWN', last_step_at: since });
      },
      PaymentAuthorised: ({ paymentId, reference, authorisedAt }, view) => {
        const status: PaymentStatus = 'AUTHORISING';
        view.patch('payment', { id: paymentId }, { status, reference, expires_at: null });
        patchOpen(view, paymentId, { status: 'AUTHORISED', last_step_at: authorisedAt });
      },
      PaymentLateSuccessRecorded: keepOpen,
      PaymentReturnSought: ({ paymentId, soughtAt }, view) =>
        patchOpen(view, paymentId, { status: 'IN_SUSPENSE', last_step_at: soughtAt }),
      PaymentLateSuccessReturned: ({ paymentId }, view) =>
        view.remove('open_payment', { payment_id: paymentId, status: 'IN_SUSPENSE' }),
      PaymentLateSuccessReallocated: ({ paymentId }, view) =>
        view.remove('open_payment', { payment_id: paymentId, status: 'IN_SUSPENSE' }),
      // Refunds have a view of their own.
      PaymentRefundHeld: null,
      PaymentRefundReleased: null,
      PaymentRefunded: ({ paymentId, refundedAfter }, view) =>
        view.patch('payment', { id: paymentId }, { refunded_minor: refundedAfter.amount }),
    }),
    on(receiptEvents, {
      ReceiptIssued: putReceipt,
      ReceiptCancelled: ({ receiptId, cancelledAt, reason }, view) =>
        view.patch('receipt', { id: receiptId }, { cancelled_at: cancelledAt, cancel_reason: reason }),
    }),
  ],
});

function putPayment(data: PaymentInitiated['data'], view: ViewWriter): void {
  const common = {
    tenant: data.tenant,
    account: data.account,
    channel: data.tender.channel,
    status: 'AUTHORISING' satisfies PaymentStatus,
    asset: data.total.asset,
    total_minor: data.total.amount,
    initiated_at: data.initiatedAt,
  };
  view.put('payment', {
    id: data.paymentId,
    ...common,
    wallet_owner: data.tender.channel === 'wallet' ? (data.tender.owner ?? null) : null,
    charge_minor: data.charge?.amount ?? null,
    contract_id: data.funding?.contractId ?? null,
    refunded_minor: null,
    change_minor: null,
    reference: null,
    remittance_code: null,
    expires_at: null,
    captured_at: null,
    failure_code: null,
    failure_message: null,
  });
  const open = { payment_id: data.paymentId, ...common, last_step_at: data.initiatedAt, receipts_due: 0 };
  view.put('open_payment', open);
  const { organisationId, paymentId, initiatedAt } = data;
  if (organisationId !== null) {
    view.put('organisation_payment', listed(organisationId, paymentId, initiatedAt));
  }
}

/** The row was taken away when the payment failed, or soon would be. */
function keepOpen(data: PaymentLateSuccessRecorded['data'], view: ViewWriter, at: EventPlace): void {
  const { paymentId, account, channel, amount, initiatedAt, recordedAt } = data;
  const status: OpenPayment['status'] = 'IN_SUSPENSE';
  view.put('open_payment', {
    payment_id: paymentId,
    tenant: at.metadata.tenant,
    account,
    channel,
    status,
    asset: amount.asset,
    total_minor: amount.amount,
    initiated_at: initiatedAt,
    last_step_at: recordedAt,
    receipts_due: 0,
  });
}

function listed(organisationId: string, paymentId: string, at: string) {
  return { organisation_id: organisationId, payment_id: paymentId, listed_at: at };
}

function capture(data: PaymentCaptured['data'], view: ViewWriter): void {
  const { paymentId, bills, change, capturedAt } = data;
  const status: PaymentStatus = 'CAPTURED';
  const figures = { status, change_minor: change?.amount ?? null, captured_at: capturedAt };
  view.patch('payment', { id: paymentId }, figures);
  for (const [position, bill] of bills.entries()) {
    view.put('payment_bill', {
      payment_id: paymentId,
      position,
      bill_id: bill.billId,
      organisation_id: bill.organisationId,
      amount_minor: bill.amount.amount,
      late_fee_minor: bill.lateFee?.amount ?? null,
      advance_minor: bill.advance?.amount.amount ?? null,
    });
  }
  const organisations = new Set(bills.map(({ organisationId }) => organisationId));
  for (const organisationId of organisations) {
    view.put('organisation_payment', listed(organisationId, paymentId, capturedAt));
  }
  const due = { receipts_due: organisations.size };
  patchOpen(view, paymentId, { status, last_step_at: capturedAt, ...due });
}

function fail({ paymentId, failure }: PaymentFailed['data'], view: ViewWriter): void {
  const status: PaymentStatus = failure.code === CANCELLED_CODE ? 'CANCELLED' : 'FAILED';
  const why = { failure_code: failure.code, failure_message: failure.message };
  view.patch('payment', { id: paymentId }, { status, expires_at: null, ...why });
  // Money that came in between the refusal and now keeps it on the list.
  view.remove('open_payment', { payment_id: paymentId, status: 'REFUSED' });
}

/** The last receipt closes the payment: it is issued after everything else. */
function putReceipt(data: ReceiptIssued['data'], view: ViewWriter, at: EventPlace): void {
  const lines: StoredLine[] = data.lines.map(storedLine);
  view.put('receipt', {
    id: data.receiptId,
    tenant: at.metadata.tenant,
    organisation_id: data.organisationId,
    payment_id: data.paymentId,
    number: data.number,
    asset: data.total.asset,
    total_minor: data.total.amount,
    channel: data.channel,
    verification_code: data.verificationCode,
    issued_at: data.issuedAt,
    cancelled_at: null,
    cancel_reason: null,
    lines: JSON.stringify(lines),
  });
  view.add('open_payment', { payment_id: data.paymentId }, { receipts_due: -1 });
  const closed = { payment_id: data.paymentId, status: 'CAPTURED', receipts_due: 0 };
  view.remove('open_payment', closed);
}

function storedLine({ advance, ...line }: ReceiptIssued['data']['lines'][number]): StoredLine {
  return {
    ...line,
    amount: line.amount.amount.toString(),
    ...(advance && { advance: advance.amount.toString() }),
  };
}

function patchOpen(
  view: ViewWriter,
  paymentId: string,
  set: {
    readonly status: OpenPayment['status'];
    readonly last_step_at: string;
    readonly receipts_due?: number;
  },
): void {
  view.patch('open_payment', { payment_id: paymentId }, set);
}
