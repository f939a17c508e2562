import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { crockfordOf, type OrganisationId, type PaymentId } from '#libs/kernel/ids/index.js';
import { money } from '#libs/kernel/money/index.js';
import { advanceAggregate } from '../../codec/index.js';
import type { CapturedPayment, PaidBill } from '../../domain/payment/index.js';
import type { ReceiptContent } from '../../domain/receipt-book/index.js';
import { settleTender } from '../channels/index.js';
import type { IssuedReceipt } from '../receipt-desk.js';
import { duesOf } from './dues.js';
import { billStep, commandIdOf, contextOf, type Mover, type PaymentParts } from './parts.js';

/**
 * What a capture owes: every bill allocated or the contract's custody filled, the hold spent, advances credited, a receipt per organisation. The receipts come last, so that
 * their presence in the log proves that nothing of the payment is left to do.
 */
export async function complete(
  parts: PaymentParts,
  payment: CapturedPayment,
  mover: Mover,
): Promise<readonly IssuedReceipt[]> {
  const dues = duesOf(parts, payment);
  const bills = payment.paidBills.map(({ billId, organisationId, amount }) =>
    dues.allocate(billStep(payment, mover, 'allocate', { billId, organisationId }), amount),
  );
  const advances = payment.paidBills.flatMap((bill) =>
    bill.advance ? [creditAdvance(parts, payment, mover, bill)] : [],
  );
  await Promise.all([settleTender({ parts, payment, mover }), ...bills, ...advances]);
  return Promise.all(
    receiptsOf(payment).map(({ organisationId, content }) =>
      parts.receipts.issue({ organisationId, tenant: payment.tenant, series: seriesOf(payment) }, content),
    ),
  );
}

/** The receipts of a payment of which nothing is left to do; `undefined` when something may be. */
export async function receiptsOfCompleted(
  { receipts }: PaymentParts,
  payment: CapturedPayment,
): Promise<readonly IssuedReceipt[] | undefined> {
  const { tenant } = payment;
  const series = seriesOf(payment);
  const found = await Promise.all(
    receiptsOf(payment).map(({ organisationId, content }) =>
      receipts.find({ organisationId, tenant, series }, content),
    ),
  );
  const issued = found.filter((receipt) => receipt !== undefined);
  return issued.length === found.length ? issued : undefined;
}

/** The capture has moved the money to the advance; this makes it available there. */
async function creditAdvance(
  parts: PaymentParts,
  payment: CapturedPayment,
  mover: Mover,
  { billId, organisationId, payerNumber, advance }: PaidBill,
): Promise<void> {
  if (!advance) return;
  const { paymentId, tenant, capturedAt } = payment;
  const { advanceId, amount } = advance;
  const command = {
    kind: 'credit',
    advanceId,
    tenant,
    organisationId,
    payerNumber,
    paymentId,
    billId,
    amount,
    at: capturedAt,
  } as const;
  const commandId = commandIdOf(paymentId, 'credit', billId);
  const context = { ...contextOf(parts, payment, mover, 'credit'), commandId, organisation: organisationId };
  await parts.store.run(advanceAggregate, advanceId, command, context);
}

interface OwedReceipt {
  readonly organisationId: OrganisationId;
  readonly content: ReceiptContent;
}

/** Depends on the captured payment alone, so that whoever finishes it asks for the very same receipts. */
function receiptsOf(payment: CapturedPayment): readonly OwedReceipt[] {
  const byOrganisation = new Map<OrganisationId, PaidBill[]>();
  for (const bill of payment.paidBills) {
    const bills = byOrganisation.get(bill.organisationId);
    if (bills) bills.push(bill);
    else byOrganisation.set(bill.organisationId, [bill]);
  }
  return [...byOrganisation].map(([organisationId, bills]) => {
    const receiptId = receiptIdOf(payment.paymentId, organisationId);
    const total = bills.reduce(
      (sum, { amount, advance }) => sum + amount.amount + (advance?.amount.amount ?? 0n),
      0n,
    );
    const content: ReceiptContent = {
      receiptId,
      paymentId: payment.paymentId,
      lines: bills.map(({ billId, billNumber, payerNumber, description, amount, advance }) => ({
        billId,
        billNumber,
        payerNumber,
        description,
        amount,
        ...(advance && { advance: advance.amount }),
        ...(payment.funding && { contractId: payment.funding.contractId }),
      })),
      total: money(payment.total.asset, total),
      channel: payment.tender.channel,
      verificationCode: verificationCodeOf(receiptId),
      issuedAt: payment.capturedAt,
    };
    return { organisationId, content };
  });
}

/** One receipt per payment and organisation. */
export function receiptIdOf(paymentId: PaymentId, organisationId: OrganisationId): string {
  return deriveUuid(UUID_NAMESPACES.entity, 'receipt', paymentId, organisationId);
}

/** Receipts are numbered per business year. */
export function seriesOf({ businessDate }: CapturedPayment): string {
  return businessDate.slice(0, 4);
}

/** 60 bits that follow from the payment's id, which nobody but its parties has. */
function verificationCodeOf(receiptId: string): string {
  return crockfordOf(deriveUuid(UUID_NAMESPACES.entity, 'receipt-verification', receiptId));
}
