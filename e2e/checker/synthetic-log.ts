/**
 * A small log as the product writes it, for the checker's own specs: made here and not by the product, so that a mistake of
 * the product is not copied into what it is judged by.
 */
import { createHash } from 'node:crypto';

export interface DraftEvent {
  stream: string;
  type: string;
  data: Record<string, unknown>;
}

export const cny = (minor: number): { asset: string; amount: string } => ({
  asset: 'CNY/2',
  amount: String(minor),
});
const posting = (source: string, destination: string, minor: number) => ({
  source,
  destination,
  amount: cny(minor),
});

function billIssued(id: string, minor: number, waived = 0): DraftEvent {
  const data = { billId: id, organisationId: 'school-2', items: [{ feeItemId: 'f1', amount: cny(minor) }] };
  return {
    stream: `bill-${id}`,
    type: 'BillIssued.v1',
    data: { ...data, total: cny(minor), waived: cny(waived) },
  };
}

function onBill(type: string, billId: string, paymentId: string, minor: number): DraftEvent {
  return { stream: `bill-${billId}`, type: `${type}.v1`, data: { billId, paymentId, amount: cny(minor) } };
}

function initiated(id: string, minor: number, channel: 'wallet' | 'cash'): DraftEvent {
  const tender = channel === 'wallet' ? { channel, walletId: 'w1' } : { channel, tendered: cny(minor + 100) };
  return {
    stream: `payment-${id}`,
    type: 'PaymentInitiated.v1',
    data: { paymentId: id, total: cny(minor), tender },
  };
}

function captured(
  id: string,
  bills: readonly (readonly [string, number])[],
  channel: 'wallet' | 'cash',
): DraftEvent {
  const total = bills.reduce((sum, [, minor]) => sum + minor, 0);
  const purse = channel === 'wallet' ? `hold:${id}` : 'cash:clerk-2026-09-01';
  const postings = [posting(purse, 'org:school-2:payable', total)];
  if (channel === 'cash') postings.unshift(posting('world:cash', purse, total));
  const paid = bills.map(([billId, minor]) => ({ billId, organisationId: 'school-2', amount: cny(minor) }));
  return {
    stream: `payment-${id}`,
    type: 'PaymentCaptured.v1',
    data: { paymentId: id, bills: paid, total: cny(total), postings },
  };
}

function ended(type: 'PaymentRefused' | 'PaymentFailed', id: string): DraftEvent {
  return { stream: `payment-${id}`, type: `${type}.v1`, data: { paymentId: id } };
}

function onWallet(type: string, paymentId: string, minor: number): DraftEvent {
  const ends = {
    WalletHoldPlaced: ['wallet:w1', `hold:${paymentId}`],
    WalletHoldReleased: [`hold:${paymentId}`, 'wallet:w1'],
  };
  const [source, destination] = ends[type as keyof typeof ends] ?? [];
  const postings = source && destination ? { postings: [posting(source, destination, minor)] } : {};
  return {
    stream: 'wallet-w1',
    type: `${type}.v1`,
    data: { walletId: 'w1', paymentId, amount: cny(minor), ...postings },
  };
}

function receipt(
  sequence: number,
  paymentId: string,
  bills: readonly (readonly [string, number])[],
): DraftEvent {
  const total = bills.reduce((sum, [, minor]) => sum + minor, 0);
  const lines = bills.map(([billId, minor]) => ({ billId, amount: cny(minor) }));
  const number = `2026-${String(sequence).padStart(8, '0')}`;
  const data = {
    paymentId,
    organisationId: 'school-2',
    series: '2026',
    sequence,
    number,
    lines,
    total: cny(total),
  };
  return { stream: 'receiptBook-school-2-2026', type: 'ReceiptIssued.v1', data };
}

/**
 * Bills b1 (1,000 fen, 100 waived), b2 (500) and b3 (700); b4 (50) cancelled. Payment p1 pays b1 and 200 of b2 by wallet, p2
 * fails for lack of money on b3, p3 pays the other 300 of b2 in cash.
 */
export function soundLog(): DraftEvent[] {
  const walletBills = [
    ['b1', 900],
    ['b2', 200],
  ] as const;
  return [
    billIssued('b1', 1_000, 100),
    billIssued('b2', 500),
    billIssued('b3', 700),
    billIssued('b4', 50),
    { stream: 'bill-b4', type: 'BillCancelled.v1', data: { billId: 'b4' } },
    { stream: 'wallet-w1', type: 'WalletOpened.v1', data: { walletId: 'w1' } },
    {
      stream: 'wallet-w1',
      type: 'WalletToppedUp.v1',
      data: { amount: cny(1_500), postings: [posting('world:topup', 'wallet:w1', 1_500)] },
    },
    initiated('p1', 1_100, 'wallet'),
    onBill('BillReserved', 'b1', 'p1', 900),
    onBill('BillReserved', 'b2', 'p1', 200),
    onWallet('WalletHoldPlaced', 'p1', 1_100),
    initiated('p2', 700, 'wallet'),
    onBill('BillReserved', 'b3', 'p2', 700),
    captured('p1', walletBills, 'wallet'),
    ended('PaymentRefused', 'p2'),
    onBill('BillPaymentAllocated', 'b1', 'p1', 900),
    onBill('BillPaymentAllocated', 'b2', 'p1', 200),
    onWallet('WalletHoldSpent', 'p1', 1_100),
    receipt(1, 'p1', walletBills),
    onBill('BillReservationReleased', 'b3', 'p2', 700),
    ended('PaymentFailed', 'p2'),
    initiated('p3', 300, 'cash'),
    onBill('BillReserved', 'b2', 'p3', 300),
    captured('p3', [['b2', 300]], 'cash'),
    onBill('BillPaymentAllocated', 'b2', 'p3', 300),
    receipt(2, 'p3', [['b2', 300]]),
  ];
}

/** Gives the events their places, ids and hashes: the last step, so that a planted mistake still has a chain that fits. */
export function exportOf(events: readonly DraftEvent[]): string[] {
  const ends = new Map<string, { revision: number; hash: string }>();
  return events.map(({ stream, type, data }, index) => {
    const end = ends.get(stream) ?? { revision: -1, hash: '0'.repeat(64) };
    const revision = end.revision + 1;
    const id = `00000000-0000-5000-8000-${String(index).padStart(12, '0')}`;
    const metadata = {
      commandId: `c${index}`,
      actor: 'demo',
      tenant: 'demo-bank',
      at: '2026-09-01T00:00:00.000Z',
    };
    const text = [
      end.hash,
      id,
      String(revision),
      ...[stream, type, data, metadata].map((part) => JSON.stringify(part)),
    ].join('\n');
    const hash = createHash('sha256').update(text).digest('hex');
    ends.set(stream, { revision, hash });
    const recordedAt = '2026-09-01T00:00:00.000Z';
    return JSON.stringify({
      position: String(index + 1),
      stream,
      revision,
      id,
      type,
      recordedAt,
      data,
      metadata: { ...metadata, hash },
    });
  });
}

export const soundAcknowledgements = [
  '{"paymentId":"p1","asset":"CNY/2","amount":"1100","receipts":["2026-00000001"]}',
  '{"paymentId":"p3","asset":"CNY/2","amount":"300","receipts":["2026-00000002"]}',
];

function billRow(id: string, status: string, figures: readonly [number, number, number, number]): string {
  const [total, waived, paid, outstanding] = figures.map(String);
  return JSON.stringify({ kind: 'bill', id, status, total, waived, paid, outstanding, reserved: '0' });
}

function accountRow(account: string, balance: number): string {
  return JSON.stringify({
    kind: 'account',
    tenant: 'demo-bank',
    asset: 'CNY/2',
    account,
    balance: String(balance),
  });
}

export const soundViews = [
  billRow('b1', 'PAID', [1_000, 100, 900, 0]),
  billRow('b2', 'PAID', [500, 0, 500, 0]),
  billRow('b3', 'ISSUED', [700, 0, 0, 700]),
  billRow('b4', 'CANCELLED', [50, 0, 0, 0]),
  accountRow('world:topup', -1_500),
  accountRow('wallet:w1', 400),
  accountRow('world:cash', -300),
  accountRow('org:school-2:payable', 1_400),
  accountRow('hold:p1', 0),
];
