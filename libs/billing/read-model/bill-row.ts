import { asId } from '#libs/kernel/ids/index.js';
import { money, type Asset } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { BillItemView, BillStatus, BillView, FeeItemView } from '../contract/index.js';
import type { BillRow, FeeItemRow, StoredItem } from './tables.js';

export function billViewOf(row: BillRow): BillView {
  const asset = row.asset as Asset;
  return {
    id: asId(row.id),
    number: row.number,
    organisationId: asId(row.organisation_id),
    payer: {
      subjectId: asId(row.payer_subject_id),
      number: row.payer_number,
      name: row.payer_name,
      group: row.payer_group,
      grade: row.grade,
    },
    academicYear: row.academic_year,
    term: row.term,
    items: (JSON.parse(row.items) as readonly StoredItem[]).map((item) => itemViewOf(item, asset)),
    total: money(asset, row.total_minor),
    waived: money(asset, row.waived_minor),
    adjusted: money(asset, row.adjusted_minor),
    lateFeeCharged: money(asset, row.late_fee_minor),
    rebate: money(asset, row.rebate_minor),
    paid: money(asset, row.paid_minor),
    refunded: money(asset, row.refunded_minor),
    outstanding: money(asset, row.outstanding_minor),
    reserved: money(asset, row.reserved_minor),
    dueDate: row.due_date as LocalDate,
    status: row.status as BillStatus,
    issuedAt: row.issued_at as Instant,
  };
}

function itemViewOf({ feeItemId, code, name, amount }: StoredItem, asset: Asset): BillItemView {
  return { feeItemId: asId(feeItemId), code, name, amount: money(asset, BigInt(amount)) };
}

export function feeItemViewOf(row: FeeItemRow): FeeItemView {
  return {
    id: asId(row.id),
    organisationId: asId(row.organisation_id),
    code: row.code,
    name: row.name,
    category: row.category,
    glCode: row.gl_code,
    priority: row.priority,
    retired: false,
  };
}
