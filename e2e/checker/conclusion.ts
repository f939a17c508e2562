import type { FoldedPayment } from './folded-payment.js';
import type { Folds } from './folds.js';
import type { Ledger } from './ledger.js';
import type { OpenWork } from './open-work.js';
import { Verdict } from './verdict.js';

export interface AtTheEnd {
  /** False for a log taken from a running product: what a moment later might bring is not judged. */
  readonly atRest: boolean;
  /** ISO 8601. */
  readonly restedAt: string;
  readonly open: readonly OpenWork[];
  readonly ledger: Ledger;
}

/** What must hold once the log is at rest: captures, allocations and receipts one to one, and nothing left open. */
export function conclude(folds: Folds, { atRest, restedAt, open, ledger }: AtTheEnd): readonly Verdict[] {
  const verdicts = [allocatedOnlyIfCaptured(folds)];
  if (!atRest) return verdicts;
  const waiting = new Set(open.map(({ id }) => id));
  return [
    ...verdicts,
    everyCaptureFinished(folds),
    everyEndSettled(folds),
    nothingLeftOpen(folds, open, waiting),
    everyPayoutArrived(folds),
    nothingOverdue(folds, restedAt),
    clearingIsExplained(folds, ledger),
  ];
}

function allocatedOnlyIfCaptured({ bills, payments }: Folds): Verdict {
  const verdict = new Verdict('I2', 'every allocation belongs to one capture and has its amount');
  for (const bill of bills.bills.values()) {
    for (const { paymentId, minor } of bill.allocations) {
      const paid = payments.payments.get(paymentId)?.bills.filter(({ billId }) => billId === bill.id);
      const right = paid?.length === 1 && paid[0]?.minor === minor;
      verdict.expect(
        right,
        () =>
          `bill ${bill.id}: ${minor} allocated by ${paymentId}, captured ${paid?.[0]?.minor ?? 'nothing'}`,
      );
    }
  }
  return verdict;
}

function everyCaptureFinished(folds: Folds): Verdict {
  const verdict = new Verdict('I5', 'every captured payment is allocated, receipted and its hold spent');
  for (const payment of folds.payments.payments.values()) {
    if (payment.status === 'captured') finished(payment, folds, verdict);
  }
  return verdict;
}

function finished(payment: FoldedPayment, folds: Folds, verdict: Verdict): void {
  const { bills, holds, purses, receipts } = folds;
  const { id } = payment;
  if (payment.funds !== '') {
    const contract = folds.contracts.contracts.get(payment.funds);
    const deposit = contract?.deposits.find(({ paymentId }) => paymentId === id);
    verdict.expect(
      deposit?.minor === payment.total,
      () => `payment ${id}: contract ${payment.funds} has no deposit of it`,
    );
  }
  for (const { billId, minor, advance, advanceId } of payment.funds === '' ? payment.bills : []) {
    const share = bills.bills.get(billId)?.allocations.find(({ paymentId }) => paymentId === id);
    verdict.expect(share?.minor === minor, () => `payment ${id}: bill ${billId} was not allocated`);
    const credited = purses.purses.get(`advance-${advanceId}`)?.credits.has(`${id} ${billId}`) ?? false;
    if (advance > 0n)
      verdict.expect(credited, () => `payment ${id}: the advance of bill ${billId} is missing`);
  }
  for (const organisationId of new Set(payment.bills.map((bill) => bill.organisationId))) {
    verdict.expect(
      receipts.receipts.has(`${id} ${organisationId}`),
      () => `payment ${id}: no receipt of ${organisationId}`,
    );
  }
  if (payment.channel === 'wallet' || payment.channel === 'advance') {
    const hold = holds.holds.get(id);
    verdict.expect(hold?.state === 'spent', () => `payment ${id}: hold is ${hold?.state ?? 'missing'}`);
  }
}

/** Refunds that have ended are settled or released on the payment, and on the bills; transfers have moved both wallets. */
function everyEndSettled({
  refunds,
  fences,
  receipts,
  bills,
  payments,
  transfers,
  holds,
  purses,
}: Folds): Verdict {
  const verdict = new Verdict('I5', 'every ended refund and transfer has done all that its end owes');
  for (const refund of refunds.refunds.values()) {
    const { id, status, complete, paymentId, organisationId, kind } = refund;
    // A contract keeps count of what it gives back; the payment sets nothing aside for it.
    if (!complete || kind === 'contract') continue;
    const fence = fences.stateOf(paymentId, id);
    // The money of a void receipt that the bank did not deliver lies in suspense: the payment has no second to give.
    const undelivered = status === 'rejected' && kind !== 'refund' && refund.sentAt !== '';
    const due = status === 'returned' ? 'settled' : undelivered ? 'held' : 'released';
    // Paid after all and covered: the payment has set it aside again.
    const again = refund.paidAfterAll && fence === 'settled';
    verdict.expect(fence === due || again, () => `refund ${id} is ${status}, on its payment ${fence}`);
    if (kind === 'refund' || status !== 'returned') continue;
    const receipt = receipts.receipts.get(`${paymentId} ${organisationId}`);
    verdict.expect(receipt?.cancelled === true, () => `refund ${id}: the receipt still counts`);
    for (const bill of payments.payments.get(paymentId)?.bills ?? []) {
      const share = bills.bills.get(bill.billId)?.allocations.find((one) => one.paymentId === paymentId);
      const off = bill.organisationId !== organisationId || (share?.reversed ?? 0n) === bill.minor;
      verdict.expect(off, () => `refund ${id}: bill ${bill.billId} still counts the payment`);
    }
  }
  verdict.checked(bills.bills.size);
  for (const { id, refunded, allocations } of bills.bills.values()) {
    const given = allocations.reduce((sum, share) => sum + share.refunded, 0n);
    if (given !== refunded) verdict.violated(`bill ${id}: ${refunded} refunded, ${given} by its payments`);
  }
  for (const { id, status, from, to } of transfers.transfers.values()) {
    if (status !== 'completed' && status !== 'givenBack') continue;
    const credited = to === '' || purses.purses.get(`wallet-${to}`)?.credits.has(`transfer-${id}`) === true;
    const spent = from === '' || holds.holds.get(id)?.state === 'spent';
    const back =
      status !== 'givenBack' ||
      purses.purses.get(`wallet-${from}`)?.credits.has(`transferBack-${id}`) === true;
    verdict.expect(credited && spent && back, () => `transfer ${id} is ${status}, but not in the wallets`);
  }
  return verdict;
}

function nothingLeftOpen(
  { bills, holds, payments, refunds, transfers, contracts }: Folds,
  open: readonly OpenWork[],
  waiting: ReadonlySet<string>,
): Verdict {
  const verdict = new Verdict(
    'I5',
    'everything is at its end, or open with a reason; no promise is left behind',
  );
  verdict.checked(payments.payments.size + refunds.refunds.size + transfers.transfers.size);
  for (const { id, status, reason } of open) {
    if (reason === undefined) verdict.violated(`${id.replace('-', ' ')} is still ${status}`);
  }
  for (const bill of bills.bills.values()) {
    const left = bill.reservations.find(({ paymentId }) => !waiting.has(`payment-${paymentId}`));
    verdict.expect(left === undefined, () => `bill ${bill.id} is still reserved by ${left?.paymentId}`);
  }
  for (const { id, reservations } of contracts.contracts.values()) {
    const left = [...reservations.keys()].find((paymentId) => !waiting.has(`payment-${paymentId}`));
    verdict.expect(left === undefined, () => `contract ${id} still keeps room for ${left}`);
  }
  for (const [id, hold] of holds.holds) {
    const waits = waiting.has(`payment-${id}`) || waiting.has(`transfer-${id}`);
    verdict.expect(hold.state !== 'open' || waits, () => `${hold.purse} still holds ${hold.minor} for ${id}`);
  }
  return verdict;
}

/** What a contract has paid out is where it belongs, or on its way as a refund, or a person was told why not. */
function everyPayoutArrived({ payouts, cases }: Folds): Verdict {
  const verdict = new Verdict('I5', 'what contracts have paid out has arrived, or a case tells why not');
  for (const { contractId, payoutId, role, minor, delivered, onTo } of payouts.payouts) {
    const facts = { payout: payoutId, role };
    const told = cases.hasTold(`contract-${contractId}`, 'payoutUndeliverable', facts);
    verdict.expect(
      delivered === minor || told,
      () => `payout ${payoutId} to ${role}: ${delivered} of ${minor} have gone on to ${onTo}`,
    );
  }
  return verdict;
}

/** The clock looks every second; it has this long to do what is due, milliseconds. */
const LATEST_MS = 10_000;

function nothingOverdue({ conduct }: Folds, restedAt: string): Verdict {
  const verdict = new Verdict('I8', 'the clock has done for every contract what was due');
  verdict.checked(conduct.size);
  const moment = Date.parse(restedAt);
  if (Number.isNaN(moment)) return verdict;
  for (const [id, dueAt] of conduct.dueBefore(new Date(moment - LATEST_MS).toISOString()))
    verdict.violated(`contract ${id}: due at ${dueAt}, at rest ${restedAt}`);
  return verdict;
}

/** Nothing stays in these. */
const CLEARING = ['refund', 'operator', 'wallets', 'transfer', 'offline', 'funding', 'payout'].map(
  (name) => `clearing:${name}`,
);

/** Money in between is money of something that is under way. */
function clearingIsExplained({ refunds, transfers, hardWallets, payouts }: Folds, ledger: Ledger): Verdict {
  const verdict = new Verdict('I3', 'money in clearing belongs to something under way');
  const due = new Map<string, bigint>();
  const add = (tenant: string, asset: string, account: string, minor: bigint): void => {
    const key = `${tenant} ${asset} ${account}`;
    due.set(key, (due.get(key) ?? 0n) + minor);
  };
  for (const { tenant, asset, status, minor, kind } of refunds.refunds.values()) {
    if (status === 'sent' && kind !== 'dishonour') add(tenant, asset, 'clearing:refund', minor);
  }
  for (const { tenant, asset, kind, status, moved, minor } of transfers.transfers.values()) {
    const inside =
      ['taken', 'undeliverable', 'late', 'returned'].includes(status) || (status === 'sought' && moved);
    const bank = kind === 'topUp' || (kind === 'withdrawal' && status === 'returned');
    if (inside && bank) add(tenant, asset, 'clearing:operator', minor);
    if (inside && kind === 'personal') add(tenant, asset, 'clearing:wallets', minor);
  }
  for (const { tenant, asset } of ledger.ledgers()) {
    const balances = ledger.balances(tenant, asset);
    add(tenant, asset, 'clearing:offline', hardWallets.underWay(tenant, asset));
    add(tenant, asset, 'clearing:payout', payouts.underWay(tenant, asset, 'payout'));
    add(tenant, asset, 'clearing:funding', payouts.underWay(tenant, asset, 'funding'));
    for (const account of CLEARING) {
      const stands = balances.get(account) ?? 0n;
      const explained = due.get(`${tenant} ${asset} ${account}`) ?? 0n;
      verdict.expect(
        stands === explained,
        () => `${account} stands at ${stands}, ${explained} of it under way`,
      );
    }
  }
  return verdict;
}
