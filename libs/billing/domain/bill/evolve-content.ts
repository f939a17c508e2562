import { impossible } from './impossible.js';
import type { BillAmended, BillIssued } from './messages.js';
import { NO_LATE_FEE, outstandingAs, statusOf, type BillState, type LiveBill } from './state.js';

export function issued(event: BillIssued): BillState {
  const { data } = event;
  const outstanding = data.total.amount - data.waived.amount;
  if (outstanding < 0n || data.outstandingAfter.amount !== outstanding) {
    throw impossible(event, 'with figures that do not add up');
  }
  return {
    status: statusOf({ outstanding, paid: 0n, refunded: 0n }),
    billId: data.billId,
    tenant: data.tenant,
    organisationId: data.organisationId,
    number: data.number,
    payer: data.payer,
    academicYear: data.academicYear,
    term: data.term,
    items: data.items,
    asset: data.total.asset,
    total: data.total.amount,
    waived: data.waived.amount,
    adjusted: 0n,
    notes: [],
    lateFee: NO_LATE_FEE,
    rebate: 0n,
    paid: 0n,
    refunded: 0n,
    lapsed: 0n,
    outstanding,
    reserved: 0n,
    reservations: [],
    allocations: [],
    refunds: [],
    reversals: [],
    paidPerItem: [],
    ended: [],
    writeOffs: [],
    dueDate: data.dueDate,
    policy: data.policy,
    issuedAt: data.issuedAt,
  };
}

export function amended(bill: LiveBill, event: BillAmended): BillState {
  const { items, total, waived, dueDate, outstandingAfter } = event.data;
  const outstanding = outstandingAs(bill, { total: total.amount, waived: waived.amount });
  if (bill.paid > 0n || bill.reserved > 0n) throw impossible(event, 'with money on the bill');
  if (outstanding < 0n || outstandingAfter.amount !== outstanding) {
    throw impossible(event, 'with figures that do not add up');
  }
  const figures = { total: total.amount, waived: waived.amount, outstanding };
  return { ...bill, ...figures, items, dueDate, status: statusOf({ ...bill, outstanding }) };
}
