import { money } from '#libs/kernel/money/index.js';
import type { BillStatus, BillView } from '../contract/index.js';
import type { BillState } from '../domain/bill/index.js';

type KnownState = Exclude<BillState, { readonly status: 'absent' }>;

const STATUS: Readonly<Record<KnownState['status'], BillStatus>> = {
  issued: 'ISSUED',
  partiallyPaid: 'PARTIALLY_PAID',
  paid: 'PAID',
  cancelled: 'CANCELLED',
};

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
    paid: figure(bill.paid),
    outstanding: figure(bill.outstanding),
    reserved: figure(bill.reserved),
    dueDate: bill.dueDate,
    status: STATUS[bill.status],
    issuedAt: bill.issuedAt,
  };
}
