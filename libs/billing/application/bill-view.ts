import { money } from '#libs/kernel/money/index.js';
import { BILL_STATUS, type BillView } from '../contract/index.js';
import type { BillState } from '../domain/bill/index.js';

type KnownState = Exclude<BillState, { readonly status: 'absent' }>;

/** The bill as it is now, from the write side: the answer to a command never lags. */
export function billViewOf(bill: KnownState): BillView {
  const figure = (minor: bigint) => money(bill.asset, minor);
  return {
    id: bill.billId,
    number: bill.number,
    organisationId: bill.organisationId,
    payer: bill.payer,
    academicYear: bill.academicYear,
    term: bill.term,
    items: bill.items.map(({ feeItemId, code, name, amount }) => ({ feeItemId, code, name, amount })),
    total: figure(bill.total),
    waived: figure(bill.waived),
    adjusted: figure(bill.adjusted),
    lateFeeCharged: figure(bill.lateFee.charged),
    rebate: figure(bill.rebate),
    paid: figure(bill.paid),
    refunded: figure(bill.refunded),
    outstanding: figure(bill.outstanding),
    reserved: figure(bill.reserved),
    dueDate: bill.dueDate,
    status: BILL_STATUS[bill.status],
    issuedAt: bill.issuedAt,
  };
}
