/** Comparing the log with the views. */
import { outstandingOf, reservedOf, statusOf } from './bill-figures.js';
import type { Folds } from './folds.js';
import { type JsonRecord, parseObject, UnreadableInput } from './export.js';
import type { Ledger } from './ledger.js';
import { Verdict } from './verdict.js';

/**
 * I6: what the views show is the fold of the log. Lines:
 * - `{"kind":"bill","id","status","total","waived","paid","outstanding","reserved"}`, minor units as decimal text
 * - `{"kind":"contract","id","status","funded","released","refunded","held"}`, the status as the log writes it
 * - `{"kind":"account","tenant","asset","account","balance"}`
 *
 * Every bill and contract of the log and every account that is not at zero must be there, and nothing else.
 */
export async function checkViews(
  lines: AsyncIterable<string> | Iterable<string>,
  { bills, contracts }: Folds,
  ledger: Ledger,
): Promise<Verdict> {
  const verdict = new Verdict('I6', 'bills, contracts and balances of the views equal the fold of the log');
  const seenBills = new Set<string>();
  const seenContracts = new Set<string>();
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
      const folded = bill
        ? [statusOf(bill), bill.total, bill.waived, bill.paid, outstandingOf(bill), reservedOf(bill)].join(
            ' ',
          )
        : 'nothing';
      verdict.expect(
        shown === folded && !seenBills.has(id),
        () => `bill ${id}: the view shows ${shown}, the log ${folded}`,
      );
      seenBills.add(id);
    } else if (row['kind'] === 'contract') {
      checkContract(row, { contracts, seen: seenContracts, verdict });
    } else if (row['kind'] === 'account') {
      accounts.set(
        `${String(row['tenant'])} ${String(row['asset'])} ${String(row['account'])}`,
        String(row['balance']),
      );
    } else throw new UnreadableInput(`Line ${lineNumber} is no row of a view.`);
  }
  for (const id of bills.bills.keys())
    verdict.expect(seenBills.has(id), () => `bill ${id} is missing in the view`);
  for (const id of contracts.contracts.keys())
    verdict.expect(seenContracts.has(id), () => `contract ${id} is missing in the view`);
  checkAccounts(verdict, accounts, ledger);
  return verdict;
}

interface Seeing {
  readonly contracts: Folds['contracts'];
  readonly seen: Set<string>;
  readonly verdict: Verdict;
}

function checkContract(row: JsonRecord, { contracts, seen, verdict }: Seeing): void {
  const id = String(row['id']);
  const contract = contracts.contracts.get(id);
  const members = ['status', 'funded', 'released', 'refunded', 'held'] as const;
  const shown = members.map((member) => String(row[member])).join(' ');
  const folded = contract ? members.map((member) => String(contract[member])).join(' ') : 'nothing';
  verdict.expect(
    shown === folded && !seen.has(id),
    () => `contract ${id}: the view shows ${shown}, the log ${folded}`,
  );
  seen.add(id);
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
