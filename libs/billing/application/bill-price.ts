import { money } from '#libs/kernel/money/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import { BILL_STATUS, type BillPrice } from '../contract/index.js';
import { duesOn, isClosed, type BillState, type KnownBill } from '../domain/bill/index.js';

/** What the bill asks for on a day; nothing once it is closed or paid. */
export function priceOf(bill: Exclude<BillState, { readonly status: 'absent' }>, asOf: LocalDate): BillPrice {
  const figure = (minor: bigint) => money(bill.asset, minor);
  const dues = isClosed(bill) ? NOTHING_DUE : duesOn(bill, asOf);
  return {
    billId: bill.billId,
    organisationId: bill.organisationId,
    billNumber: bill.number,
    payerNumber: bill.payer.number,
    description: descriptionOf(bill),
    status: BILL_STATUS[bill.status],
    principal: figure(dues.principal),
    lateFee: figure(dues.lateFee),
    rebate: figure(dues.rebate),
    due: figure(dues.due),
    partialAllowed: bill.policy.partialAllowed,
    minimumPartial: bill.policy.minimumPartial,
    advanceAllowed: bill.policy.advanceAllowed ?? false,
  };
}

const NOTHING_DUE = { principal: 0n, lateFee: 0n, rebate: 0n, due: 0n };

/** Longest description, UTF-16 code units: what fits a line or two of a receipt. */
const DESCRIPTION_LIMIT = 160;

export function descriptionOf({ items, academicYear, term }: KnownBill): string {
  const names = items.length === 1 ? items[0]!.name : items.map(({ name }) => name).join('、');
  return `${names} ${academicYear} ${term}`.slice(0, DESCRIPTION_LIMIT);
}
