/** A log with everything but plain payments in it: institutions, refunds, transfers, quotes, advances, limits, codes. */
import { lessons } from './contract-log.js';
import { custody } from './custody-log.js';
import * as on from './drafts.js';
import { cny, type DraftEvent } from './synthetic-log.js';
import { transfers } from './synthetic-transfers.js';

const { allocated, bill, captured, draft, onBill, onPayment, onRefund, onWallet, posting } = on;

/** By the operator, 500 fen on b1 by a one-time code; 200 of it go back through the bank, and come back to us later. */
function operatorAndRefund(): DraftEvent[] {
  const paid = { id: 'p1', billId: 'b1', minor: 500, tender: { channel: 'operator', payerToken: 'token-1' } };
  const back = [posting('org:school-2:payable', 'clearing:refund', 200)];
  return [
    bill('b1', 500),
    draft('qrCode-c1', 'QrCodeIssued', { codeId: 'c1', kind: 'dynamic' }),
    on.initiated(paid),
    draft('qrCode-c1', 'QrCodeUsed', { codeId: 'c1', paymentId: 'p1' }),
    on.reserved('b1', 'p1', 500),
    on.sought('p1'),
    onPayment('PaymentOutcomeUnknown', 'p1', { reason: 'timeout' }),
    onPayment('PaymentAuthorised', 'p1', { reference: 'R1' }),
    captured(paid, on.throughClearing('operator', 500), 'clearing:operator'),
    allocated('b1', 'p1', 500),
    on.receipt(1, 'p1', 'b1', [500]),
    on.refundRequested('r1', { paymentId: 'p1', billId: 'b1', minor: 200, refundKind: 'refund' }),
    on.fence('PaymentRefundHeld', 'p1', 'r1', { ...on.linesOf('b1', 200), refundableAfter: cny(300) }),
    onRefund('RefundApproved', 'r1', { checker: null }),
    onRefund('RefundSent', 'r1', { postings: back, sentAt: '2026-09-03T00:00:00.000Z' }),
    onRefund('RefundReturned', 'r1', { postings: [posting('clearing:refund', 'world:operator', 200)] }),
    onBill('BillRefunded', 'b1', {
      paymentId: 'p1',
      refundId: 'r1',
      amount: cny(200),
      refundedAfter: cny(200),
    }),
    on.fence('PaymentRefunded', 'p1', 'r1', { ...on.linesOf('b1', 200), refundedAfter: cny(200) }),
    onRefund('RefundCompleted', 'r1'),
    onRefund('RefundCameBack', 'r1', { postings: [posting('world:operator', 'suspense:school-2', 200)] }),
  ];
}

/** From a sub-wallet, 60,000 fen on b2; its receipt is cancelled by two persons and the bill is open again. */
function subWalletAndVoid(): DraftEvent[] {
  const tender = { channel: 'wallet', walletId: 'w1', subWalletId: 's1' };
  const paid = { id: 'p2', billId: 'b2', minor: 60_000, tender };
  const hold = { paymentId: 'p2', amount: cny(60_000), businessDate: '2026-09-01', subWalletId: 's1' };
  const held = { ...hold, postings: [posting('wallet:w1', 'hold:p2', 60_000)] };
  const off = { outstandingAfter: cny(60_000), paidAfter: cny(0), rebateAfter: cny(0), reapportioned: [] };
  const back = [posting('org:school-2:payable', 'clearing:refund', 60_000)];
  const voided = { paymentId: 'p2', refundId: 'r2', amount: cny(60_000), rebate: cny(0), ...off };
  const receiptCancelled = { paymentId: 'p2', organisationId: 'school-2', sequence: 2, refundId: 'r2' };
  return [
    bill('b2', 60_000),
    onWallet('WalletOpened', { tenant: 'demo-bank', owner: 'payer-1', tier: 'IV' }),
    onWallet('WalletToppedUp', {
      topUpId: 'u1',
      amount: cny(90_000),
      postings: [posting('world:topup', 'wallet:w1', 90_000)],
    }),
    ...on.approval('l1', 'walletTiers-demo-bank', { tier: 'IV' }),
    draft('walletTiers-demo-bank', 'TierLimitsSet', {
      proposalId: 'l1',
      tier: 'IV',
      limits: { balance: '100000', single: '60000', day: '61000', year: '61500' },
      from: '2026-09-01',
    }),
    onWallet('SubWalletPushed', {
      subWalletId: 's1',
      organisationId: 'school-2',
      single: cny(1),
      day: cny(2),
    }),
    onWallet('SubWalletRelimited', { subWalletId: 's1', single: cny(60_000), day: cny(60_000) }),
    on.initiated(paid),
    on.reserved('b2', 'p2', 60_000),
    onWallet('WalletHoldPlaced', held),
    captured(paid, [], 'hold:p2'),
    allocated('b2', 'p2', 60_000),
    onWallet('WalletHoldSpent', { paymentId: 'p2', amount: cny(60_000) }),
    on.receipt(2, 'p2', 'b2', [60_000]),
    onWallet('SubWalletClosed', { subWalletId: 's1' }),
    on.refundRequested('r2', { paymentId: 'p2', billId: 'b2', minor: 60_000, refundKind: 'receiptCancel' }),
    on.fence('PaymentRefundHeld', 'p2', 'r2', on.linesOf('b2', 60_000)),
    ...on.approval('ap2', 'refund-r2', { refundId: 'r2', amount: '600.00' }),
    onRefund('RefundApproved', 'r2', { checker: on.CHECKER }),
    onBill('BillAllocationReversed', 'b2', voided),
    draft('receiptBook-school-2-2026', 'ReceiptCancelled', receiptCancelled),
    onRefund('RefundSent', 'r2', { postings: back, sentAt: '2026-09-03T00:00:00.000Z' }),
    on.credited('r2', 60_000, 'clearing:refund'),
    onRefund('RefundReturned', 'r2', { postings: [] }),
    on.fence('PaymentRefunded', 'p2', 'r2', on.linesOf('b2', 60_000)),
    onRefund('RefundCompleted', 'r2'),
  ];
}

/** Declined, then the money came all the same: it lies in suspense and goes back. */
function lateSuccess(): DraftEvent[] {
  const paid = { id: 'p3', billId: 'b3', minor: 305, tender: { channel: 'operator', payerToken: 'token-1' } };
  const late = { reference: 'R3', amount: cny(305), organisationId: 'school-2' };
  const [into, out] = ['world:operator', 'suspense:school-2'];
  return [
    bill('b3', 305),
    on.initiated(paid),
    on.reserved('b3', 'p3', 305),
    on.sought('p3'),
    onPayment('PaymentRefused', 'p3'),
    onBill('BillReservationReleased', 'b3', { paymentId: 'p3', amount: cny(305), reservedAfter: cny(0) }),
    onPayment('PaymentFailed', 'p3'),
    onPayment('PaymentLateSuccessRecorded', 'p3', { ...late, postings: [posting(into, out, 305)] }),
    onPayment('PaymentReturnSought', 'p3', { operationId: 'return-p3' }),
    onPayment('PaymentLateSuccessReturned', 'p3', { ...late, postings: [posting(out, into, 305)] }),
  ];
}

/** By card at a quoted price with a charge; too much in cash, and another bill out of what was too much. */
function quoteAndAdvance(): DraftEvent[] {
  const tender = { channel: 'pos', terminalId: 'POS1', approvalCode: '123456' };
  const byCard = {
    id: 'p4',
    billId: 'b4',
    minor: 1_006,
    tender,
    more: { charge: cny(6), quote: { quoteId: 'q1' } },
  };
  const inCash = { id: 'p5', billId: 'b5', minor: 300, tender: { channel: 'cash', tendered: cny(300) } };
  const byAdvance = { id: 'p6', billId: 'b6', minor: 100, tender: { channel: 'advance', advanceId: 'a1' } };
  const price = {
    principal: cny(950),
    lateFee: cny(50),
    rebate: cny(0),
    due: cny(1_000),
    amount: cny(1_000),
  };
  const onAdvance = (type: string, data: Record<string, unknown>): DraftEvent =>
    draft('advance-a1', type, { advanceId: 'a1', amount: cny(100), ...data });
  return [
    bill('b4', 950),
    draft('quote-q1', 'QuoteGiven', {
      account: 'payer-1',
      channel: 'pos',
      bills: [{ billId: 'b4', ...price }],
      charge: cny(6),
      total: cny(1_006),
      validUntil: '2026-09-01T00:15:00.000Z',
    }),
    on.initiated(byCard),
    onBill('BillLateFeeCharged', 'b4', {
      amount: cny(50),
      lateFeeAfter: cny(50),
      outstandingAfter: cny(1_000),
    }),
    on.reserved('b4', 'p4', 1_000),
    captured(byCard, on.throughClearing('pos', 1_006), 'clearing:pos', { charge: 6 }),
    allocated('b4', 'p4', 1_000),
    on.receipt(3, 'p4', 'b4', [1_000]),
    bill('b5', 200),
    on.initiated(inCash),
    on.reserved('b5', 'p5', 200),
    captured(inCash, [posting('world:cash', 'cash:d1', 300)], 'cash:d1', { advance: 100 }),
    allocated('b5', 'p5', 200),
    onAdvance('AdvanceCredited', {
      paymentId: 'p5',
      billId: 'b5',
      availableAfter: cny(100),
      heldAfter: cny(0),
    }),
    on.receipt(4, 'p5', 'b5', [200, 100]),
    bill('b6', 100),
    on.initiated(byAdvance),
    on.reserved('b6', 'p6', 100),
    onAdvance('AdvanceHeld', { paymentId: 'p6', postings: [posting('advance:a1', 'hold:p6', 100)] }),
    captured(byAdvance, [], 'hold:p6'),
    allocated('b6', 'p6', 100),
    onAdvance('AdvanceHoldSpent', { paymentId: 'p6' }),
    on.receipt(5, 'p6', 'b6', [100]),
  ];
}

/** A credit note, and the rest given up by two persons; a mandate that ran and was revoked. */
function notesAndMandates(): DraftEvent[] {
  const credit = { note: 'credit', amount: cny(30), adjustedAfter: cny(-30), outstandingAfter: cny(70) };
  return [
    bill('b7', 100),
    onBill('BillAdjusted', 'b7', credit),
    ...on.approval('wo1', 'bill-b7', { billId: 'b7', amount: '0.70' }),
    onBill('BillWrittenOff', 'b7', { approvalId: 'wo1', amount: cny(70), outstandingAfter: cny(0) }),
    draft('mandate-m1', 'MandateGiven', { mandateId: 'm1' }),
    draft('mandate-m1', 'MandateRun', { mandateId: 'm1', ranAt: '2026-09-05T00:00:00.000Z' }),
    draft('mandate-m1', 'MandateRevoked', { mandateId: 'm1', by: 'payer' }),
  ];
}

/** 500 fen onto a device; 200 of them pay a bill, 100 find none. */
function offline(): DraftEvent[] {
  const device = (type: string, data: Record<string, unknown>): DraftEvent =>
    draft('hardWallet-h1', type, { hardWalletId: 'h1', ...data });
  const taken = (counter: number, minor: number, left: number): DraftEvent =>
    device('OfflinePaymentTaken', {
      counter,
      amount: cny(minor),
      organisationId: 'school-2',
      balanceAfter: cny(left),
      postings: [posting('wallet:h1', 'clearing:offline', minor)],
    });
  const tender = { channel: 'offline', hardWalletId: 'h1', counter: 1 };
  const paid = { id: 'p7', billId: 'b8', minor: 200, tender };
  const load = { paymentId: 'ld1', amount: cny(500), businessDate: '2026-09-01' };
  const suspended = [posting('clearing:offline', 'suspense:school-2', 100)];
  return [
    device('HardWalletIssued', { walletId: 'w1', permitted: 2 }),
    device('HardWalletLoadRequested', { loadId: 'ld1', amount: cny(500), counter: 0 }),
    onWallet('WalletHoldPlaced', { ...load, postings: [posting('wallet:w1', 'hold:ld1', 500)] }),
    device('HardWalletLoaded', {
      loadId: 'ld1',
      amount: cny(500),
      balanceAfter: cny(500),
      postings: [posting('hold:ld1', 'wallet:h1', 500)],
    }),
    onWallet('WalletHoldSpent', { paymentId: 'ld1', amount: cny(500) }),
    taken(1, 200, 300),
    bill('b8', 200),
    on.initiated(paid),
    on.reserved('b8', 'p7', 200),
    captured(paid, [], 'clearing:offline'),
    allocated('b8', 'p7', 200),
    on.receipt(6, 'p7', 'b8', [200]),
    device('OfflinePaymentSettled', { counter: 1, paymentId: 'p7' }),
    taken(2, 100, 200),
    device('OfflinePaymentSuspended', {
      counter: 2,
      organisationId: 'school-2',
      amount: cny(100),
      postings: suspended,
    }),
    draft('case-k1', 'CaseOpened', { caseId: 'k1', kind: 'offlineNotSettled', subject: 'hardWallet-h1' }),
    draft('case-k1', 'CaseResolved', { caseId: 'k1' }),
  ];
}

export function moneyCoreLog(): DraftEvent[] {
  return [
    ...operatorAndRefund(),
    ...subWalletAndVoid(),
    ...lateSuccess(),
    ...transfers(),
    ...quoteAndAdvance(),
    ...notesAndMandates(),
    ...offline(),
    ...custody(),
    ...lessons(),
  ];
}

function effect(operationId: string, kind: string, minor: number, returned = 0): string {
  return JSON.stringify({ operationId, tenant: 'demo-bank', kind, amount: cny(minor), moved: 1, returned });
}

export const moneyCoreEffects = [
  effect('payment-p1', 'collect', 500),
  effect('refund-r1', 'refund', 200, 1),
  effect('payment-p3', 'collect', 305),
  effect('return-p3', 'refund', 305),
  effect('transfer-t1', 'collect', 1_000),
  effect('transfer-t2', 'payout', 400, 1),
];

export const moneyCoreAcknowledgements = [
  { paymentId: 'p1', amount: '500', receipts: ['2026-00000001'] },
  { kind: 'payment', paymentId: 'p3', amount: '305' },
  { kind: 'refund', refundId: 'r2', amount: '60000', status: 'SENT' },
  { kind: 'transfer', transferId: 't2', amount: '400', status: 'COMPLETED' },
].map((line) => JSON.stringify({ asset: 'CNY/2', ...line }));
