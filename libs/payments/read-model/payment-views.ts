import type { Kysely } from 'kysely';
import type { BillPaymentSteps } from '#libs/billing/contract/index.js';
import { asId, type BillId } from '#libs/kernel/ids/index.js';
import { money, type Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { hasRole, mayReadOrganisation, type Caller } from '#libs/security/port/index.js';
import type {
  Channel,
  PayBillsRejectionCode,
  PaymentStatus,
  PaymentView,
  ReceiptView,
} from '../contract/index.js';
import type { PaymentBillRow, PaymentRow, PaymentsTables, ReceiptRow, StoredLine } from './tables.js';

/** Rows of one payment. */
export interface PaymentRows {
  readonly payment: PaymentRow;
  readonly bills: readonly PaymentBillRow[];
  readonly receipts: readonly ReceiptRow[];
}

export async function rowsOf(
  database: Kysely<PaymentsTables>,
  tenant: string,
  paymentIds: readonly string[],
): Promise<readonly PaymentRows[]> {
  if (paymentIds.length === 0) return [];
  const payments = await database
    .selectFrom('payment')
    .selectAll()
    .where('id', 'in', paymentIds)
    .where('tenant', '=', tenant)
    .orderBy('initiated_at')
    .orderBy('id')
    .execute();
  const bills = await database
    .selectFrom('payment_bill')
    .selectAll()
    .where('payment_id', 'in', paymentIds)
    .orderBy('position')
    .execute();
  const receipts = await database
    .selectFrom('receipt')
    .selectAll()
    .where('payment_id', 'in', paymentIds)
    .orderBy('number')
    .execute();
  return payments.map((payment) => ({
    payment,
    bills: bills.filter((bill) => bill.payment_id === payment.id),
    receipts: receipts.filter((receipt) => receipt.payment_id === payment.id),
  }));
}

/**
 * The whole payment for who paid, whose wallet it was, who took the money, and who sees every organisation of the tenant; for
 * staff of an organisation it paid that organisation's part; `undefined` for everybody else.
 */
export function visiblePartOf(caller: Caller, rows: PaymentRows): PaymentRows | undefined {
  const { payment } = rows;
  if (payment.account === caller.accountId || payment.wallet_owner === caller.accountId) return rows;
  if (caller.organisation === undefined && hasRole(caller, ['ops', 'auditor'])) return rows;
  const isOwn = ({ organisation_id }: { readonly organisation_id: string }): boolean =>
    mayReadOrganisation(caller, asId<'organisation'>(organisation_id));
  const bills = rows.bills.filter(isOwn);
  if (bills.length === 0) return undefined;
  return { payment, bills, receipts: rows.receipts.filter(isOwn) };
}

/** A receipt with the names as they stand now: null once erased. */
export async function receiptViewsOf(
  rows: readonly ReceiptRow[],
  billing: Pick<BillPaymentSteps, 'payerNames'>,
): Promise<readonly ReceiptView[]> {
  const parsed = rows.map((row) => ({ row, lines: JSON.parse(row.lines) as readonly StoredLine[] }));
  const billIds = new Set(parsed.flatMap(({ lines }) => lines.map(({ billId }) => asId<'bill'>(billId))));
  const names =
    billIds.size === 0 ? new Map<BillId, string | null>() : await billing.payerNames([...billIds]);
  return parsed.map(({ row, lines }) => ({
    id: row.id,
    number: row.number,
    organisationId: asId(row.organisation_id),
    paymentId: asId(row.payment_id),
    total: money(row.asset as Asset, row.total_minor),
    channel: row.channel as Channel,
    issuedAt: row.issued_at as Instant,
    verificationCode: row.verification_code,
    status: row.cancelled_at === null ? 'ISSUED' : 'CANCELLED',
    ...(row.cancelled_at !== null && { cancelledAt: row.cancelled_at as Instant }),
    ...(row.cancel_reason !== null && { cancelReason: row.cancel_reason }),
    lines: lines.map(({ billId, billNumber, payerNumber, description, amount, advance, contractId }) => ({
      billId: asId(billId),
      billNumber,
      payerNumber,
      payerName: names.get(asId(billId)) ?? null,
      description,
      amount: money(row.asset as Asset, BigInt(amount)),
      ...(advance !== undefined && { advance: money(row.asset as Asset, BigInt(advance)) }),
      ...(contractId !== undefined && { contractId: asId<'contract'>(contractId) }),
    })),
  }));
}

export function paymentViewOf(
  { payment, bills }: PaymentRows,
  receipts: readonly ReceiptView[],
): PaymentView {
  const asset = payment.asset as Asset;
  return {
    id: asId(payment.id),
    status: payment.status as PaymentStatus,
    channel: payment.channel as Channel,
    total: money(asset, payment.total_minor),
    ...(payment.charge_minor !== null && { charge: money(asset, payment.charge_minor) }),
    ...(payment.contract_id !== null && { funding: { contractId: asId<'contract'>(payment.contract_id) } }),
    // The one line of a funding payment stands for its contract; it is kept to tell whose staff may see the payment.
    bills: (payment.contract_id === null ? bills : []).map(
      ({ bill_id, organisation_id, amount_minor, late_fee_minor, advance_minor }) => ({
        billId: asId(bill_id),
        organisationId: asId(organisation_id),
        amount: money(asset, amount_minor),
        ...(late_fee_minor !== null && { lateFee: money(asset, late_fee_minor) }),
        ...(advance_minor !== null && { advance: money(asset, advance_minor) }),
      }),
    ),
    ...(payment.refunded_minor !== null && { refunded: money(asset, payment.refunded_minor) }),
    ...(payment.change_minor !== null && { change: money(asset, payment.change_minor) }),
    ...(payment.reference !== null && { reference: payment.reference }),
    ...(payment.remittance_code !== null && { remittanceCode: payment.remittance_code }),
    ...(payment.expires_at !== null && { expiresAt: payment.expires_at as Instant }),
    initiatedAt: payment.initiated_at as Instant,
    ...(payment.captured_at !== null && { capturedAt: payment.captured_at as Instant }),
    ...(payment.failure_code !== null && {
      failure: {
        code: payment.failure_code as PayBillsRejectionCode,
        message: payment.failure_message ?? '',
      },
    }),
    receipts,
  };
}
