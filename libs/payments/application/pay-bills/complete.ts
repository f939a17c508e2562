import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { crockfordOf, type OrganisationId, type PaymentId } from '#libs/kernel/ids/index.js';
import { money } from '#libs/kernel/money/index.js';
import { walletAggregate } from '../../codec/index.js';
import type { CapturedPayment, PaidBill } from '../../domain/payment/index.js';
import type { ReceiptContent } from '../../domain/receipt-book/index.js';
import type { IssuedReceipt } from '../receipt-desk.js';
import { billStep, contextOf, type Mover, type PaymentParts } from './parts.js';

/**
 * What a capture owes: every bill allocated, the hold spent, a receipt per organisation. The receipts come last, so that
 * their presence in the log proves that nothing of the payment is left to do.
 */
export async function complete(
  parts: PaymentParts,
  payment: CapturedPayment,
  mover: Mover,
): Promise<readonly IssuedReceipt[]> {
  const bills = payment.paidBills.map(({ billId, organisationId, amount }) =>
    parts.bills.allocate(billStep(payment, mover, 'allocate', { billId, organisationId }), amount),
  );
  await Promise.all([spendHold(parts, payment, mover), ...bills]);
  return Promise.all(
    receiptsOf(payment).map(({ organisationId, content }) =>
      parts.receipts.issue(
        { organisationId, tenant: payment.tenant, series: payment.businessDate.slice(0, 4) },
        content,
      ),
    ),
  );
}

async function spendHold(parts: PaymentParts, payment: CapturedPayment, mover: Mover): Promise<void> {
  const { tender, paymentId } = payment;
  if (tender.channel !== 'wallet') return;
  const context = contextOf(parts, payment, mover, 'spend');
  const result = await parts.store.run(
    walletAggregate,
    tender.walletId,
    { kind: 'spend', paymentId },
    context,
  );
  if (!result.accepted) throw new Error(`Wallet ${tender.walletId} refused to spend a hold.`);
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
    const total = bills.reduce((sum, { amount }) => sum + amount.amount, 0n);
    const content: ReceiptContent = {
      receiptId,
      paymentId: payment.paymentId,
      lines: bills.map(({ billId, billNumber, payerNumber, description, amount }) => ({
        billId,
        billNumber,
        payerNumber,
        description,
        amount,
      })),
      total: money(payment.total.asset, total),
      channel: payment.tender.channel,
      verificationCode: verificationCodeOf(receiptId),
      issuedAt: payment.capturedAt,
    };
    return { organisationId, content };
  });
}

function receiptIdOf(paymentId: PaymentId, organisationId: OrganisationId): string {
  return deriveUuid(UUID_NAMESPACES.entity, 'receipt', paymentId, organisationId);
}

/** 60 bits that follow from the payment's id, which nobody but its parties has. */
function verificationCodeOf(receiptId: string): string {
  return crockfordOf(deriveUuid(UUID_NAMESPACES.entity, 'receipt-verification', receiptId));
}
