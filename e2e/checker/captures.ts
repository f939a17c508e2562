/** The money of one capture: what the bills say, what the postings say, and where it came from. */
import { amountOf, type ExportedEvent, isRecord, minorOf, textOf } from './export.js';
import type { FoldedPayment, PaidBill } from './folded-payment.js';
import { type Posting, postingsOf } from './ledger.js';
import { at } from './order-and-chain.js';
import type { Verdict } from './verdict.js';

/** @returns the bills, or undefined when the event does not name them */
export function moneyOfCapture(
  event: ExportedEvent,
  payment: FoldedPayment,
  verdict: Verdict,
): readonly PaidBill[] | undefined {
  const bills = billsOf(event);
  const charge = minorOf(event.data['charge']);
  const sum = bills?.reduce((so, { minor, advance }) => so + minor + advance, charge);
  const total = amountOf(event.data['total']);
  const agreed =
    sum === payment.total &&
    total?.minor === payment.total &&
    total.asset === payment.asset &&
    charge === payment.charge;
  verdict.expect(agreed, () => `${at(event)}: ${sum} captured, ${payment.total} agreed`);
  if (!bills) return undefined;
  const { funding } = event.data;
  const funds = isRecord(funding) ? textOf(funding['contractId']) : '';
  const stands = funds === '' || (bills.length === 1 && bills[0]?.billId === funds);
  verdict.expect(
    funds === payment.funds && stands,
    () => `${at(event)}: for contract ${funds || 'none'}, agreed was ${payment.funds || 'none'}`,
  );
  const postings = postingsOf(event);
  const payees = postings.filter(({ destination }) => isPayee(destination));
  const moved = sumBy(
    payees,
    ({ destination }) => destination,
    ({ minor }) => minor,
  );
  verdict.expect(
    same(wantedOf(bills, charge, payment), moved),
    () => `${at(event)}: the postings are not what the bills say`,
  );
  const into = postings.filter(({ destination }) => !isPayee(destination));
  verdict.expect(
    payees.every((posting) => comesFrom(posting, payment)) && isWayIn(into, payment),
    () => `${at(event)}: money from elsewhere than ${payment.channel}`,
  );
  return bills;
}

function isPayee(account: string): boolean {
  return /^(org:|advance:|bank:fees$|clearing:funding$)/.test(account);
}

function wantedOf(
  bills: readonly PaidBill[],
  charge: bigint,
  { funds, total }: FoldedPayment,
): ReadonlyMap<string, bigint> {
  if (funds !== '') return new Map([['clearing:funding', total]]);
  const parts = bills.flatMap(({ organisationId, minor, advanceId, advance }) => [
    { account: `org:${organisationId}:payable`, minor },
    { account: `advance:${advanceId}`, minor: advance },
  ]);
  return sumBy(
    [...parts, { account: 'bank:fees', minor: charge }].filter(({ minor }) => minor !== 0n),
    ({ account }) => account,
    ({ minor }) => minor,
  );
}

/** `undefined` when one of them is not a bill. */
function billsOf(event: ExportedEvent): readonly PaidBill[] | undefined {
  const { bills } = event.data;
  if (!Array.isArray(bills)) return undefined;
  const read = bills.flatMap((bill: unknown) => {
    if (!isRecord(bill)) return [];
    const { billId, organisationId, advance } = bill;
    const amount = amountOf(bill['amount']);
    if (typeof billId !== 'string' || typeof organisationId !== 'string' || !amount) return [];
    const over = isRecord(advance) ? advance : {};
    const beyond = { advance: minorOf(over['amount']), advanceId: textOf(over['advanceId']) };
    return [{ billId, organisationId, minor: amount.minor, ...beyond }];
  });
  return read.length === bills.length && read.length > 0 ? read : undefined;
}

function comesFrom({ source }: Posting, { channel, id, tender }: FoldedPayment): boolean {
  switch (channel) {
    case 'wallet':
    case 'advance':
      return source === `hold:${id}`;
    case 'cash':
      return source.startsWith('cash:');
    case 'suspense':
      return source === `suspense:${textOf(tender['organisationId'])}`;
    default:
      return source === `clearing:${channel}`;
  }
}

/** Money that comes from outside comes in by the same event, all of it at once. */
function isWayIn(into: readonly Posting[], { channel, total }: FoldedPayment): boolean {
  if (['wallet', 'advance', 'offline', 'suspense'].includes(channel)) return into.length === 0;
  const [first, ...more] = into;
  return more.length === 0 && first?.source === `world:${channel}` && first.minor === total;
}

export function sumBy<Item>(
  items: readonly Item[],
  key: (item: Item) => string,
  value: (item: Item) => bigint,
): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const item of items) sums.set(key(item), (sums.get(key(item)) ?? 0n) + value(item));
  return sums;
}

export function same(a: ReadonlyMap<string, bigint>, b: ReadonlyMap<string, bigint>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}
