import type { JsonObject, RecordedEvent } from '#libs/event-log/port/index.js';

type Status = 'initiated' | 'authorising' | 'unknown' | 'authorised' | 'captured' | 'refused' | 'failed';

interface Audited {
  readonly status: Status;
  readonly bills: readonly {
    readonly billId: string;
    readonly organisationId: string;
    readonly fen: bigint;
    readonly advanceFen: bigint;
  }[];
  readonly channel: string;
  /** The contract that it funds; empty for one that pays bills. */
  readonly funds: string;
}

/**
 * Judges a log by its stored JSON alone, without a single decider of the product: what a payment promises, and what came
 * of it. Answers every broken promise as a sentence; an empty list is a clean log.
 *
 * - every payment is terminal, and a terminal payment never changes
 * - every payment waits for nobody in the end, and no money is left in transit or in suspense
 * - captured: every bill allocated once with its amount (a contract: `auditCustody`), the hold spent once, one receipt per organisation
 * - failed: nothing allocated, nothing held, nothing reserved, no receipt
 * - no bill is paid beyond its total; no account but `world:` is below zero at any position; the accounts sum to zero
 * - the receipt numbers of a book have no gap
 */
export function auditPayments(events: readonly RecordedEvent[]): readonly string[] {
  const faults: string[] = [];
  const payments = auditStatuses(events, faults);
  auditPostings(events, faults);
  auditBills(events, payments, faults);
  auditHolds(events, payments, faults);
  auditReceipts(events, payments, faults);
  return faults;
}

function auditStatuses(events: readonly RecordedEvent[], faults: string[]): Map<string, Audited> {
  const payments = new Map<string, Audited>();
  const next: Readonly<Record<string, readonly [readonly (Status | undefined)[], Status]>> = {
    'PaymentInitiated.v1': [[undefined], 'initiated'],
    'PaymentInitiated.v2': [[undefined], 'initiated'],
    'PaymentAuthorisationSought.v1': [['initiated'], 'authorising'],
    'PaymentOutcomeUnknown.v1': [['authorising'], 'unknown'],
    'PaymentAuthorised.v1': [['authorising', 'unknown'], 'authorised'],
    'PaymentCaptured.v1': [['initiated', 'authorised'], 'captured'],
    'PaymentRefused.v1': [['initiated', 'authorising', 'unknown'], 'refused'],
    'PaymentFailed.v1': [['refused'], 'failed'],
  };
  for (const { type, data } of events) {
    const move = next[type];
    if (!move) continue;
    const id = text(data, 'paymentId');
    const before = payments.get(id);
    if (!move[0].includes(before?.status))
      faults.push(`${type} of ${id} after ${before?.status ?? 'nothing'}`);
    const tender = data['tender'] as JsonObject | undefined;
    const funding = data['funding'] as JsonObject | undefined;
    payments.set(id, {
      funds: funding ? text(funding, 'contractId') : (before?.funds ?? ''),
      status: move[1],
      channel: tender ? text(tender, 'channel') : (before?.channel ?? ''),
      bills: type === 'PaymentCaptured.v1' ? list(data, 'bills').map(paidBill) : [],
    });
  }
  for (const [id, { status }] of payments) {
    if (status !== 'captured' && status !== 'failed') faults.push(`payment ${id} was left ${status}`);
  }
  return payments;
}

function auditPostings(events: readonly RecordedEvent[], faults: string[]): void {
  const accounts = new Map<string, bigint>();
  const move = (account: string, delta: bigint): void => {
    const balance = (accounts.get(account) ?? 0n) + delta;
    accounts.set(account, balance);
    if (balance < 0n && !account.startsWith('world:') && !isOwed(account))
      faults.push(`${account} fell to ${balance}`);
  };
  for (const { data } of events) {
    for (const posting of data['postings'] ? list(data, 'postings') : []) {
      const amount = minor(posting['amount']);
      if (amount <= 0n) faults.push('a posting of nothing');
      // The destination first: within one event money may come in and go on.
      move(text(posting, 'destination'), amount);
      move(text(posting, 'source'), -amount);
    }
  }
  let sum = 0n;
  for (const [account, balance] of accounts) {
    sum += balance;
    const transit = /^(hold|cash|clearing|suspense):/.test(account);
    if (transit && balance !== 0n && !isOwed(account)) faults.push(`${account} still holds ${balance}`);
  }
  if (sum !== 0n) faults.push(`the trial balance is ${sum}`);
}

function auditBills(
  events: readonly RecordedEvent[],
  payments: ReadonlyMap<string, Audited>,
  faults: string[],
): void {
  const totals = new Map<string, bigint>();
  const paid = new Map<string, bigint>();
  const allocations = new Map<string, bigint>();
  const reservations = new Set<string>();
  for (const { type, data } of events) {
    const billId = data['billId'] as string | undefined;
    if (billId === undefined) continue;
    const key = `${data['paymentId'] as string} on ${billId}`;
    if (type === 'BillIssued.v1') totals.set(billId, minor(data['outstandingAfter']));
    if (type === 'BillReserved.v1') reservations.add(key);
    if (type === 'BillReservationReleased.v1') reservations.delete(key);
    if (type !== 'BillPaymentAllocated.v1') continue;
    reservations.delete(key);
    if (allocations.has(key)) faults.push(`${key} was allocated twice`);
    allocations.set(key, minor(data['amount']));
    const sum = (paid.get(billId) ?? 0n) + minor(data['amount']);
    paid.set(billId, sum);
    if (sum > (totals.get(billId) ?? 0n)) faults.push(`bill ${billId} was paid ${sum}`);
  }
  for (const key of reservations) faults.push(`${key} is still reserved`);
  for (const [id, { bills, funds }] of payments) {
    // Its one line is the contract, which takes deposits and no allocations: `auditCustody`.
    for (const { billId, fen } of funds === '' ? bills : []) {
      const key = `${id} on ${billId}`;
      if (allocations.get(key) !== fen)
        faults.push(`${key} is owed ${fen}, allocated ${allocations.get(key)}`);
      allocations.delete(key);
    }
  }
  for (const key of allocations.keys()) faults.push(`${key} was allocated without a capture`);
}

function auditHolds(
  events: readonly RecordedEvent[],
  payments: ReadonlyMap<string, Audited>,
  faults: string[],
): void {
  const held = new Map<string, string[]>();
  for (const { type, data } of events) {
    if (!/^(WalletHold|AdvanceH)/.test(type)) continue;
    const id = text(data, 'paymentId');
    held.set(id, [...(held.get(id) ?? []), type]);
  }
  for (const [id, { status, channel }] of payments) {
    const steps = (held.get(id) ?? []).join();
    const right =
      status === 'captured' && (channel === 'wallet' || channel === 'advance')
        ? /^(WalletHoldPlaced.v1,WalletHoldSpent.v1|AdvanceHeld.v1,AdvanceHoldSpent.v1)$/.test(steps)
        : steps === '' ||
          (status === 'failed' &&
            /^(WalletHoldPlaced.v1,WalletHoldReleased.v1|AdvanceHeld.v1,AdvanceHoldReleased.v1)$/.test(
              steps,
            ));
    if (!right) faults.push(`payment ${id} is ${status}, its hold went ${steps || 'nowhere'}`);
  }
}

function auditReceipts(
  events: readonly RecordedEvent[],
  payments: ReadonlyMap<string, Audited>,
  faults: string[],
): void {
  const last = new Map<string, number>();
  const receipts = new Map<string, bigint>();
  for (const { type, stream, data } of events) {
    if (!type.startsWith('ReceiptIssued.')) continue;
    const sequence = data['sequence'] as number;
    if (sequence !== (last.get(stream) ?? 0) + 1) faults.push(`${stream} jumps to ${sequence}`);
    last.set(stream, sequence);
    const key = `${text(data, 'paymentId')} of ${text(data, 'organisationId')}`;
    if (receipts.has(key)) faults.push(`${key} has two receipts`);
    receipts.set(key, minor(data['total']));
  }
  for (const [id, { bills }] of payments) {
    for (const organisationId of new Set(bills.map((bill) => bill.organisationId))) {
      const own = bills.filter((bill) => bill.organisationId === organisationId);
      const owed = own.reduce((sum, { fen, advanceFen }) => sum + fen + advanceFen, 0n);
      const key = `${id} of ${organisationId}`;
      if (receipts.get(key) !== owed)
        faults.push(`${key} has a receipt over ${receipts.get(key)}, not ${owed}`);
      receipts.delete(key);
    }
  }
  for (const key of receipts.keys()) faults.push(`${key} has a receipt without a capture`);
}

function paidBill(bill: JsonObject): Audited['bills'][number] {
  return {
    billId: text(bill, 'billId'),
    organisationId: text(bill, 'organisationId'),
    fen: minor(bill['amount']),
    advanceFen: bill['advance'] ? minor((bill['advance'] as JsonObject)['amount']) : 0n,
  };
}

function text(data: JsonObject, name: string): string {
  return data[name] as string;
}

function list(data: JsonObject, name: string): readonly JsonObject[] {
  return data[name] as readonly JsonObject[];
}

function minor(money: unknown): bigint {
  return BigInt((money as { readonly amount: string }).amount);
}

/** What an institution has paid out although it had refused to: stands below zero until a person has claimed it back. */
function isOwed(account: string): boolean {
  return account === 'suspense:operator' || account === 'suspense:transfer';
}
