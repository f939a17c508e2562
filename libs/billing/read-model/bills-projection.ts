import { defineProjection } from '#libs/event-log/consumers/define-projection.js';
import { on, type Projection } from '#libs/event-log/consumers/types.js';
import { privacyEvents } from '#libs/security/privacy/index.js';
import type { ViewRow, ViewWriter } from '#libs/views/port/index.js';
import { billEvents, feeItemEvents } from '../codec/index.js';
import { BILL_STATUS, type BillStatus } from '../contract/index.js';
import {
  lastDayOf,
  type BillAmended,
  type BillEvent,
  type BillIssued,
  type BillItem,
  type BillPaymentAllocated,
  type Payer,
} from '../domain/bill/index.js';
import type { FeeItemContent } from '../domain/fee-item/index.js';
import { billTable, feeItemTable, type StoredItem } from './tables.js';

/** Fee items and bills as rows. Every event carries the figures that result, so that nothing is read here. */
export const billsProjection: Projection = defineProjection({
  name: 'bills',
  version: 2,
  tables: [feeItemTable, billTable],
  parts: [
    on(feeItemEvents, { FeeItemDefined: putFeeItem }),
    on(billEvents, {
      BillIssued: putBill,
      BillAmended: patchFigures,
      BillPayerCorrected: ({ billId, payer }, view) =>
        view.patch('bill', { id: billId }, payerColumns(payer)),
      BillReserved: ({ billId, reservedAfter }, view) => patchReserved(view, billId, reservedAfter.amount),
      BillReservationReleased: ({ billId, reservedAfter }, view) =>
        patchReserved(view, billId, reservedAfter.amount),
      BillPaymentBarred: null,
      BillPaymentAllocated: patchPaid,
      BillLateFeeCharged: patchLateFee,
      BillLateFeeWaived: patchLateFee,
      BillRefunded: ({ billId, refundedAfter, statusAfter }, view) =>
        view.patch(
          'bill',
          { id: billId },
          {
            refunded_minor: refundedAfter.amount,
            ...(statusAfter ? { status: BILL_STATUS[statusAfter] } : {}),
          },
        ),
      BillAllocationReversed: patchReversed,
      BillAdjusted: ({ billId, adjustedAfter, outstandingAfter, statusAfter }, view) =>
        view.patch(
          'bill',
          { id: billId },
          {
            adjusted_minor: adjustedAfter.amount,
            outstanding_minor: outstandingAfter.amount,
            status: BILL_STATUS[statusAfter],
          },
        ),
      BillWriteOffRequested: null,
      BillWriteOffRefused: null,
      BillWrittenOff: ({ billId }, view) => patchClosed(view, billId, 'WRITTEN_OFF'),
      BillExpired: ({ billId }, view) => patchClosed(view, billId, 'EXPIRED'),
      BillCancelled: ({ billId }, view) => patchClosed(view, billId, 'CANCELLED'),
    }),
    on(privacyEvents, {
      PersonalDataErased: ({ subjectId }, view) =>
        view.patch('bill', { payer_subject_id: subjectId }, { payer_name: null }),
    }),
  ],
});

function putFeeItem(item: FeeItemContent, view: ViewWriter): void {
  view.put('fee_item', {
    id: item.feeItemId,
    tenant: item.tenant,
    organisation_id: item.organisationId,
    code: item.code,
    name: item.name,
    category: item.category,
    gl_code: item.glCode,
    priority: item.priority,
  });
}

function putBill(data: BillIssued['data'], view: ViewWriter): void {
  view.put('bill', {
    id: data.billId,
    tenant: data.tenant,
    organisation_id: data.organisationId,
    number: data.number,
    payer_subject_id: data.payer.subjectId,
    payer_number: data.payer.number,
    ...payerColumns(data.payer),
    academic_year: data.academicYear,
    term: data.term,
    items: storedItems(data.items),
    asset: data.total.asset,
    total_minor: data.total.amount,
    waived_minor: data.waived.amount,
    adjusted_minor: 0n,
    late_fee_minor: 0n,
    rebate_minor: 0n,
    refunded_minor: 0n,
    paid_minor: 0n,
    outstanding_minor: data.outstandingAfter.amount,
    reserved_minor: 0n,
    due_date: data.dueDate,
    last_day: lastDayOf(data) ?? null,
    status: unpaidStatus(data.outstandingAfter.amount),
    issued_at: data.issuedAt,
  });
}

function patchFigures(data: BillAmended['data'], view: ViewWriter): void {
  const figures = {
    items: storedItems(data.items),
    total_minor: data.total.amount,
    waived_minor: data.waived.amount,
    outstanding_minor: data.outstandingAfter.amount,
    due_date: data.dueDate,
    last_day: data.lastDayAfter ?? null,
    status: unpaidStatus(data.outstandingAfter.amount),
  };
  view.patch('bill', { id: data.billId }, figures);
}

function patchPaid(data: BillPaymentAllocated['data'], view: ViewWriter): void {
  const plain: BillStatus = data.outstandingAfter.amount === 0n ? 'PAID' : 'PARTIALLY_PAID';
  const status = data.statusAfter ? BILL_STATUS[data.statusAfter] : plain;
  const figures = {
    paid_minor: data.paidAfter.amount,
    outstanding_minor: data.outstandingAfter.amount,
    reserved_minor: data.reservedAfter.amount,
    ...(data.rebateAfter ? { rebate_minor: data.rebateAfter.amount } : {}),
    status,
  };
  view.patch('bill', { id: data.billId }, figures);
}

type DataOf<Type extends BillEvent['type']> = Extract<BillEvent, { type: Type }>['data'];

function patchLateFee(
  { billId, lateFeeAfter, outstandingAfter }: DataOf<'BillLateFeeCharged' | 'BillLateFeeWaived'>,
  view: ViewWriter,
): void {
  const figures = { late_fee_minor: lateFeeAfter.amount, outstanding_minor: outstandingAfter.amount };
  view.patch('bill', { id: billId }, figures);
}

function patchReversed(data: DataOf<'BillAllocationReversed'>, view: ViewWriter): void {
  const figures = {
    paid_minor: data.paidAfter.amount,
    rebate_minor: data.rebateAfter.amount,
    outstanding_minor: data.outstandingAfter.amount,
    status: BILL_STATUS[data.statusAfter],
  };
  view.patch('bill', { id: data.billId }, figures);
}

function patchClosed(view: ViewWriter, billId: string, status: BillStatus): void {
  view.patch('bill', { id: billId }, { status, outstanding_minor: 0n });
}

function patchReserved(view: ViewWriter, billId: string, reservedAfter: bigint): void {
  view.patch('bill', { id: billId }, { reserved_minor: reservedAfter });
}

function payerColumns({ name, group, grade }: Payer): ViewRow {
  return { payer_name: name, payer_group: group, grade };
}

/** Of a bill on which nothing was paid; one that is waived in full has nothing left to pay. */
function unpaidStatus(outstanding: bigint): BillStatus {
  return outstanding === 0n ? 'PAID' : 'ISSUED';
}

function storedItems(items: readonly BillItem[]): string {
  const stored: StoredItem[] = items.map(({ feeItemId, code, name, amount }) => ({
    feeItemId,
    code,
    name,
    amount: amount.amount.toString(),
  }));
  return JSON.stringify(stored);
}
