/** Pieces of synthetic logs. */
import { hashOf } from './approvals.js';
import { cny, type DraftEvent } from './synthetic-log.js';

type Data = Record<string, unknown>;

/** `draft('payment-p1', 'PaymentCaptured', {…})`; of version 1 unless said otherwise. */
export function draft(stream: string, type: string, data: Data = {}, version = 1): DraftEvent {
  return { stream, type: `${type}.v${version}`, data };
}

export function posting(source: string, destination: string, minor: number): Data {
  return { source, destination, amount: cny(minor) };
}

export function bill(id: string, minor: number, organisationId = 'school-2'): DraftEvent {
  const items = [{ feeItemId: 'f1', amount: cny(minor) }];
  const figures = { items, total: cny(minor), waived: cny(0), outstandingAfter: cny(minor) };
  return draft(`bill-${id}`, 'BillIssued', { billId: id, organisationId, ...figures });
}

export function onBill(type: string, billId: string, data: Data): DraftEvent {
  return draft(`bill-${billId}`, type, { billId, ...data });
}

export interface Paid {
  readonly id: string;
  readonly billId: string;
  readonly minor: number;
  readonly tender: Data & { readonly channel: string };
  readonly more?: Data;
}

export function initiated({ id, minor, tender, more = {} }: Paid): DraftEvent {
  const when = { initiatedAt: '2026-09-01T00:00:00.000Z', tenant: 'demo-bank', account: 'payer-1' };
  return draft(
    `payment-${id}`,
    'PaymentInitiated',
    { paymentId: id, total: cny(minor), tender, ...when, ...more },
    2,
  );
}

export function sought(id: string, channel = 'operator'): DraftEvent {
  const data = { paymentId: id, channel, operationId: `payment-${id}`, organisationId: 'school-2' };
  return draft(`payment-${id}`, 'PaymentAuthorisationSought', {
    ...data,
    expiresAt: '2026-09-01T00:10:00.000Z',
  });
}

export function onPayment(type: string, id: string, data: Data = {}): DraftEvent {
  return draft(`payment-${id}`, type, { paymentId: id, ...data });
}

/** One bill of school-2. `into`: where the money is when it goes on to the school. */
export function captured(
  { id, billId, minor }: Pick<Paid, 'id' | 'billId' | 'minor'>,
  into: readonly Data[],
  from: string,
  { charge = 0, advance = 0 } = {},
): DraftEvent {
  const onTheBill = minor - charge - advance;
  const beyond = advance > 0 ? { advance: { advanceId: 'a1', amount: cny(advance) } } : {};
  const postings = [
    ...into,
    posting(from, 'org:school-2:payable', onTheBill),
    ...(advance > 0 ? [posting(from, 'advance:a1', advance)] : []),
    ...(charge > 0 ? [posting(from, 'bank:fees', charge)] : []),
  ];
  const bills = [{ billId, organisationId: 'school-2', amount: cny(onTheBill), ...beyond }];
  return onPayment('PaymentCaptured', id, {
    bills,
    total: cny(minor),
    ...(charge > 0 && { charge: cny(charge) }),
    postings,
  });
}

export function throughClearing(channel: string, minor: number): Data[] {
  return [posting(`world:${channel}`, `clearing:${channel}`, minor)];
}

export function reserved(billId: string, paymentId: string, minor: number): DraftEvent {
  return onBill('BillReserved', billId, { paymentId, amount: cny(minor), reservedAfter: cny(minor) });
}

export function allocated(billId: string, paymentId: string, minor: number, left = 0): DraftEvent {
  const after = { outstandingAfter: cny(left), reservedAfter: cny(0), paidAfter: cny(minor) };
  const perItem = [{ feeItemId: 'f1', amount: cny(minor) }];
  return onBill('BillPaymentAllocated', billId, { paymentId, amount: cny(minor), perItem, ...after });
}

export function receipt(
  sequence: number,
  paymentId: string,
  billId: string,
  [minor, advance = 0]: number[],
): DraftEvent {
  const number = `2026-${String(sequence).padStart(8, '0')}`;
  const beyond = advance > 0 ? { advance: cny(advance) } : {};
  const lines = [{ billId, amount: cny(minor!), ...beyond }];
  const place = { paymentId, organisationId: 'school-2', series: '2026', sequence, number };
  const total = cny(minor! + advance);
  return draft('receiptBook-school-2-2026', 'ReceiptIssued', { ...place, lines, total }, 2);
}

export function onWallet(type: string, data: Data, walletId = 'w1'): DraftEvent {
  return draft(`wallet-${walletId}`, type, { walletId, ...data });
}

export function credited(creditId: string, minor: number, source: string, walletId = 'w1'): DraftEvent {
  const postings = [posting(source, `wallet:${walletId}`, minor)];
  return onWallet('WalletCredited', { creditId, amount: cny(minor), source, postings }, walletId);
}

export function onRefund(type: string, id: string, data: Data = {}): DraftEvent {
  return draft(`refund-${id}`, type, { refundId: id, ...data });
}

const MAKER = { accountId: 'bursar-1', personId: 'person-1' };
export const CHECKER = { accountId: 'supervisor-1', personId: 'person-2' };

export function refundRequested(
  id: string,
  { paymentId, billId, minor, refundKind }: Data & { readonly billId: string; readonly minor: number },
): DraftEvent {
  const lines = [{ billId, amount: cny(minor) }];
  const approvalNeeded = refundKind !== 'refund';
  const facts = { tenant: 'demo-bank', organisationId: 'school-2', paymentId, refundKind, lines };
  return onRefund('RefundRequested', id, { ...facts, amount: cny(minor), maker: MAKER, approvalNeeded });
}

export function fence(type: string, paymentId: string, refundId: string, data: Data): DraftEvent {
  return onPayment(type, paymentId, { refundId, ...data });
}

export function linesOf(billId: string, minor: number): Data {
  return { lines: [{ billId, amount: cny(minor) }], amount: cny(minor) };
}

export function onTransfer(type: string, id: string, data: Data = {}): DraftEvent {
  return draft(`transfer-${id}`, type, { transferId: id, ...data });
}

/** Requested, granted and used. */
export function approval(id: string, subject: string, payload: Record<string, string>): DraftEvent[] {
  const payloadHash = hashOf(payload);
  const on = (type: string, data: Data): DraftEvent =>
    draft(`approval-${id}`, type, { approvalId: id, payloadHash, ...data });
  const times = { requestedAt: '2026-09-01T00:00:00.000Z', expiresAt: '2026-10-01T00:00:00.000Z' };
  return [
    on('ApprovalRequested', { subject, payload, maker: MAKER, ...times }),
    on('ApprovalGranted', { subject, checker: CHECKER, decidedAt: '2026-09-02T00:00:00.000Z' }),
    on('ApprovalUsed', { useId: id, usedAt: '2026-09-02T00:00:00.000Z' }),
  ];
}
