import { defineProjection } from '#libs/event-log/consumers/define-projection.js';
import { on, type EventPlace, type Projection } from '#libs/event-log/consumers/types.js';
import type { Posting } from '#libs/kernel/money/index.js';
import type { ViewWriter } from '#libs/views/port/index.js';
import { paymentEvents, receiptEvents, walletEvents } from '../codec/index.js';
import type { PaymentStatus } from '../contract/index.js';
import type {
  OpenPayment,
  PaymentCaptured,
  PaymentFailed,
  PaymentInitiated,
} from '../domain/payment/index.js';
import type { ReceiptIssued } from '../domain/receipt-book/index.js';
import type { WalletOpened } from '../domain/wallet/index.js';
import {
  accountBalanceTable,
  openPaymentTable,
  paymentBillTable,
  paymentTable,
  receiptTable,
  walletTable,
  type StoredLine,
} from './tables.js';

/** Payments, what they paid, receipts, wallets, what is still open, and the ledger: one fold, so that they never disagree. */
export const paymentsProjection: Projection = defineProjection({
  name: 'payments',
  version: 1,
  tables: [walletTable, paymentTable, paymentBillTable, receiptTable, openPaymentTable, accountBalanceTable],
  parts: [
    on(paymentEvents, {
      PaymentInitiated: putPayment,
      PaymentCaptured: capture,
      PaymentRefused: ({ paymentId, refusedAt }, view) =>
        patchOpen(view, paymentId, { status: 'REFUSED', last_step_at: refusedAt }),
      PaymentFailed: fail,
    }),
    on(walletEvents, {
      WalletOpened: putWallet,
      WalletToppedUp: ({ walletId, availableAfter, postings }, view, at) => {
        view.patch('wallet', { id: walletId }, { available_minor: availableAfter.amount });
        post(view, at, postings);
      },
      WalletHoldPlaced: (data, view, at) => {
        patchWallet(view, data);
        post(view, at, data.postings);
      },
      WalletHoldReleased: (data, view, at) => {
        patchWallet(view, data);
        post(view, at, data.postings);
        dropEmptyHold(view, at, data);
      },
      WalletHoldSpent: (data, view, at) => {
        patchWallet(view, data);
        dropEmptyHold(view, at, data);
      },
      WalletPaymentBarred: null,
    }),
    on(receiptEvents, { ReceiptIssued: putReceipt }),
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
    change_minor: null,
    captured_at: null,
    failure_code: null,
    failure_message: null,
  });
  const open = { payment_id: data.paymentId, ...common, last_step_at: data.initiatedAt, receipts_due: 0 };
  view.put('open_payment', open);
}

function capture(data: PaymentCaptured['data'], view: ViewWriter, at: EventPlace): void {
  const { paymentId, bills, change, capturedAt, postings } = data;
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
    });
  }
  const receiptsDue = new Set(bills.map(({ organisationId }) => organisationId)).size;
  patchOpen(view, paymentId, { status, last_step_at: capturedAt, receipts_due: receiptsDue });
  post(view, at, postings);
}

function fail({ paymentId, failure }: PaymentFailed['data'], view: ViewWriter): void {
  const status: PaymentStatus = 'FAILED';
  const why = { failure_code: failure.code, failure_message: failure.message };
  view.patch('payment', { id: paymentId }, { status, ...why });
  view.remove('open_payment', { payment_id: paymentId });
}

/** The last receipt closes the payment: it is issued after everything else. */
function putReceipt(data: ReceiptIssued['data'], view: ViewWriter, at: EventPlace): void {
  const lines: StoredLine[] = data.lines.map((line) => ({ ...line, amount: line.amount.amount.toString() }));
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
    lines: JSON.stringify(lines),
  });
  view.add('open_payment', { payment_id: data.paymentId }, { receipts_due: -1 });
  const closed = { payment_id: data.paymentId, status: 'CAPTURED', receipts_due: 0 };
  view.remove('open_payment', closed);
}

function putWallet({ walletId, tenant, owner, label, asset }: WalletOpened['data'], view: ViewWriter): void {
  const empty = { available_minor: 0n, held_minor: 0n };
  view.put('wallet', { id: walletId, tenant, owner, label, asset, ...empty });
}

interface HoldFigures {
  readonly walletId: string;
  readonly paymentId: string;
  readonly amount: Posting['amount'];
  readonly availableAfter: Posting['amount'];
  readonly heldAfter: Posting['amount'];
}

function patchWallet(view: ViewWriter, { walletId, availableAfter, heldAfter }: HoldFigures): void {
  const figures = { available_minor: availableAfter.amount, held_minor: heldAfter.amount };
  view.patch('wallet', { id: walletId }, figures);
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

/** Double entry: what leaves the source arrives at the destination. */
function post(view: ViewWriter, { metadata: { tenant } }: EventPlace, postings: readonly Posting[]): void {
  for (const { source, destination, amount } of postings) {
    const { asset } = amount;
    view.accumulate('account_balance', { tenant, asset, account: source }, { balance_minor: -amount.amount });
    view.accumulate(
      'account_balance',
      { tenant, asset, account: destination },
      { balance_minor: amount.amount },
    );
  }
}

/** A hold lives as long as its payment; without this the ledger would keep an empty account per payment. */
function dropEmptyHold(view: ViewWriter, { metadata: { tenant } }: EventPlace, data: HoldFigures): void {
  const { asset } = data.amount;
  const account = `hold:${data.paymentId}`;
  view.remove('account_balance', { tenant, asset, account, balance_minor: 0n });
}
