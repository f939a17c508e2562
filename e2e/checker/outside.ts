/** Comparing the log with what stands outside of it: answers that were given, and views. */
import { outstandingOf, statusOf } from './bills.js';
import type { Folds } from './conclusion.js';
import { parseObject, UnreadableInput } from './export.js';
import type { Ledger } from './ledger.js';
import { Verdict } from './verdict.js';

/**
 * I1: every acknowledged payment is in the log, captured, with the amount and the receipts that were answered.
 * One line per acknowledgement: `{"paymentId","asset","amount","receipts":["2026-00000042"]}`.
 */
export async function checkAcknowledgements(
  lines: AsyncIterable<string> | Iterable<string>,
  { payments, receipts }: Folds,
): Promise<Verdict> {
  const verdict = new Verdict('I1', 'every acknowledged payment is captured as it was acknowledged');
  let lineNumber = 0;
  for await (const line of lines) {
    lineNumber += 1;
    if (line === '') continue;
    const { paymentId, asset, amount, receipts: numbers } = parseObject(line, lineNumber);
    if (typeof paymentId !== 'string' || typeof amount !== 'string' || !Array.isArray(numbers)) {
      throw new UnreadableInput(`Line ${lineNumber} is no acknowledgement.`);
    }
    const payment = payments.payments.get(paymentId);
    const captured =
      payment?.status === 'captured' && payment.asset === asset && `${payment.total}` === amount;
    verdict.expect(
      captured,
      () =>
        `payment ${paymentId} of ${amount} was acknowledged; the log says ${payment ? `${payment.status}, ${payment.total}` : 'nothing'}`,
    );
    if (!payment) continue;
    const organisations = new Set(payment.bills.map((bill) => bill.organisationId));
    const issued = [...organisations].map((id) => receipts.receipts.get(`${paymentId} ${id}`)?.number);
    const kept = numbers.length > 0 && numbers.every((number) => issued.includes(String(number)));
    verdict.expect(
      kept,
      () =>
        `payment ${paymentId}: receipts ${numbers.join(', ') || 'none'} were acknowledged, issued ${issued.join(', ')}`,
    );
  }
  return verdict;
}

/**
 * I6: what the views show is the fold of the log. Lines:
 * - `{"kind":"bill","id","status","total","waived","paid","outstanding","reserved"}`, minor units as decimal text
 * - `{"kind":"account","tenant","asset","account","balance"}`
 *
 * Every bill of the log and every account that is not at zero must be there, and nothing else.
 */
export async function checkViews(
  lines: AsyncIterable<string> | Iterable<string>,
  { bills }: Folds,
  ledger: Ledger,
): Promise<Verdict> {
  const verdict = new Verdict('I6', 'bills and account balances of the views equal the fold of the log');
  const seenBills = new Set<string>();
  const accounts = new Map<string, string>();
  let lineNumber = 0;
  for await (const line of lines) {
    lineNumber += 1;
    if (line === '') continue;
    const row = parseObject(line, lineNumber);
    if (row['kind'] === 'bill') {
      const id = String(row['id']);
      const bill = bills.bills.get(id);
      const shown = ['status', 'total', 'waived', 'paid', 'outstanding', 'reserved']
        .map((field) => String(row[field]))
        .join(' ');
      const reserved = bill?.reservations.reduce((sum, { minor }) => sum + minor, 0n);
      const folded = bill
        ? [statusOf(bill), bill.total, bill.waived, bill.paid, outstandingOf(bill), reserved].join(' ')
        : 'nothing';
      verdict.expect(
        shown === folded && !seenBills.has(id),
        () => `bill ${id}: the view shows ${shown}, the log ${folded}`,
      );
      seenBills.add(id);
    } else if (row['kind'] === 'account') {
      accounts.set(
        `${String(row['tenant'])} ${String(row['asset'])} ${String(row['account'])}`,
        String(row['balance']),
      );
    } else throw new UnreadableInput(`Line ${lineNumber} is no row of a view.`);
  }
  for (const id of bills.bills.keys())
    verdict.expect(seenBills.has(id), () => `bill ${id} is missing in the view`);
  checkAccounts(verdict, accounts, ledger);
  return verdict;
}

function checkAccounts(verdict: Verdict, shown: ReadonlyMap<string, string>, ledger: Ledger): void {
  const folded = new Map<string, string>();
  for (const { tenant, asset } of ledger.ledgers()) {
    for (const [account, balance] of ledger.balances(tenant, asset))
      folded.set(`${tenant} ${asset} ${account}`, `${balance}`);
  }
  for (const [key, balance] of folded) {
    verdict.expect(
      shown.get(key) === balance,
      () => `account ${key}: the view shows ${shown.get(key) ?? 'nothing'}, the log ${balance}`,
    );
  }
  for (const [key, balance] of shown) {
    verdict.expect(
      folded.has(key) || balance === '0',
      () => `account ${key}: the view shows ${balance}, the log nothing`,
    );
  }
}
