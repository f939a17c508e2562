import { ApprovalById, DecideApproval } from '#libs/approvals/contract/index.js';
import { SetBillingTerms, type PaymentPolicy } from '#libs/billing/contract/index.js';
import { OpenComplaint } from '#libs/cases/contract/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { type Instant, localDateOf } from '#libs/kernel/time/index.js';
import { PushSubWallet } from '#libs/payments/contract/index.js';
import { GiveMandate } from '#libs/payments/contract/mandates.js';
import {
  CancelReceipt,
  refundApprovalIdOf,
  RefundById,
  RequestRefund,
  type RefundView,
} from '#libs/payments/contract/refunds.js';
import {
  DEMO_HIGH_SCHOOL,
  DEMO_PRIMARY_SCHOOL,
  type DemoOrganisation,
} from '#libs/security/adapters/demo/demo-directory.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { bursarOf, clerkOf, contextOf, demoCaller, payerOf } from './demo-callers.js';
import { LATE_FEE, type Occasions } from './demo-occasions.js';
import type { PlannedPayment } from './demo-plan.js';
import { eventually } from './eventually.js';
import { billsAsked, pay, type Purses } from './pay.js';
import { accepted, SeedRefused, type SeedTarget } from './seed-target.js';

/** One act at its moment. */
export interface Act {
  readonly at: Instant;
  play(): Promise<void>;
}

const fen = (minor: bigint) => money(CNY, minor);

const HIGH_SCHOOL_TERMS: PaymentPolicy = {
  partialAllowed: true,
  minimumPartial: fen(10_000n),
  advanceAllowed: true,
};
const PRIMARY_SCHOOL_TERMS: PaymentPolicy = {
  partialAllowed: true,
  minimumPartial: fen(1n),
  lateFee: { rate: `${LATE_FEE.of}/${LATE_FEE.per}`, graceDays: LATE_FEE.graceDays, order: 'principalFirst' },
};

/** How bills may be paid, for those issued from now on. */
export async function setTerms(target: SeedTarget): Promise<void> {
  await setTermsOf(target, DEMO_HIGH_SCHOOL, HIGH_SCHOOL_TERMS);
  await setTermsOf(target, DEMO_PRIMARY_SCHOOL, PRIMARY_SCHOOL_TERMS);
}

async function setTermsOf(
  target: SeedTarget,
  organisation: DemoOrganisation,
  terms: PaymentPolicy,
): Promise<void> {
  const input = {
    idempotencyKey: `demo-terms-${organisation.id}`,
    organisationId: organisation.id,
    effectiveFrom: localDateOf(target.clock.now()),
    terms,
  };
  const outcome = await target.execute(new SetBillingTerms(contextOf(bursarOf(organisation)), input));
  accepted(outcome, `terms of ${organisation.id}`);
}

/** Refunds, a cancelled receipt, a mandate and a complaint, each at its moment. */
export function actsOf(target: SeedTarget, occasions: Occasions, purses: Purses): readonly Act[] {
  const { at } = occasions;
  return [
    { at: at.smallRefund, play: () => refundBooks(target, occasions.smallRefund, purses) },
    { at: at.largeRefund, play: () => askForLargeRefund(target, occasions.largeRefund, purses) },
    { at: at.cancelled, play: () => cancelReceipt(target, occasions.cancelled, purses) },
    { at: at.mandate, play: () => giveMandate(target, occasions, purses) },
    { at: at.complaint, play: () => complain(target, occasions.largeRefund, purses) },
  ];
}

/** The books were not delivered: their part of the payment goes back, at once. */
async function refundBooks(target: SeedTarget, planned: PlannedPayment, purses: Purses): Promise<void> {
  const { id: paymentId } = await pay(target, planned, purses);
  const lines = billsAsked(planned).filter((_, index) => planned.bills[index]?.feeItem === 'BOOK');
  const context = contextOf(bursarOf(planned.school.organisation));
  const input = { idempotencyKey: 'demo-refund-books', paymentId, lines, reason: '教材未发放，退书本费' };
  const refund = accepted(await target.execute(new RequestRefund(context, input)), 'refund of books');
  await returned(target, context, refund);
}

/** Too much for one person: it waits until the supervisor decides. */
async function askForLargeRefund(target: SeedTarget, planned: PlannedPayment, purses: Purses): Promise<void> {
  const { id: paymentId } = await pay(target, planned, purses);
  const context = contextOf(bursarOf(planned.school.organisation));
  const input = { idempotencyKey: 'demo-refund-transfer', paymentId, reason: '学生转学，申请退费' };
  accepted(await target.execute(new RequestRefund(context, input)), 'refund of everything');
}

/** The clerk asks, the supervisor agrees, the money goes back and the bills are open again. */
async function cancelReceipt(target: SeedTarget, planned: PlannedPayment, purses: Purses): Promise<void> {
  const { receipts } = await pay(target, planned, purses);
  const receiptId = receipts[0]?.id ?? '';
  const context = contextOf(clerkOf(planned.school.organisation));
  const input = { idempotencyKey: 'demo-cancel-receipt', receiptId, reason: '重复登记，作废收据' };
  const refund = await eventually(target, 'receipt to cancel', async () => {
    const outcome = await target.execute(new CancelReceipt(context, input));
    // The receipt is found by a view, which may be a moment behind.
    if (!outcome.accepted && outcome.rejection.code === 'RECEIPT_NOT_FOUND') return undefined;
    return accepted(outcome, 'cancelled receipt');
  });
  if (refund.status === 'REQUESTED') await agree(target, refund);
  await returned(target, context, refund);
}

async function agree(target: SeedTarget, refund: RefundView): Promise<void> {
  const supervisor = contextOf(demoCaller('supervisor'));
  const approvalId = refundApprovalIdOf(refund.id);
  const approval = await eventually(target, 'approval', () =>
    target.query(new ApprovalById(supervisor, approvalId)),
  );
  const { payloadHash } = approval;
  const decision = { approvalId, payloadHash, grant: true, comment: '已核对' };
  accepted(await target.execute(new DecideApproval(supervisor, decision)), 'decision of the supervisor');
}

async function returned(target: SeedTarget, context: RequestContext, { id }: RefundView): Promise<void> {
  await eventually(target, `refund ${id}`, async () => {
    const refund = await target.query(new RefundById(context, id));
    if (refund?.status === 'REJECTED') throw new SeedRefused(`refund ${id}: ${refund.rejection?.code ?? ''}`);
    return refund?.status === 'RETURNED' ? refund : undefined;
  });
}

/** The second demo payer lets the school be paid from a sub-wallet, on a day of the month that has just passed. */
async function giveMandate(target: SeedTarget, { mandateFor, at }: Occasions, purses: Purses): Promise<void> {
  const payer = demoCaller('payer2');
  const context = contextOf(payer);
  const walletId = purses.get(payer.accountId);
  if (!walletId) throw new Error('The second demo payer has no wallet.');
  const push = {
    idempotencyKey: 'demo-sub-wallet',
    walletId,
    organisationId: DEMO_HIGH_SCHOOL.id,
    single: fen(200_000n),
    day: fen(300_000n),
  };
  const { id: subWalletId } = accepted(await target.execute(new PushSubWallet(context, push)), 'sub-wallet');
  const today = Number(localDateOf(at.mandate).slice(8));
  const input = {
    idempotencyKey: 'demo-mandate',
    walletId,
    subWalletId,
    payerNumber: mandateFor.studentNo,
    payerName: mandateFor.name,
    dayOfMonth: today === 1 ? 28 : Math.min(today - 1, 28),
  };
  accepted(await target.execute(new GiveMandate(context, input)), 'mandate');
}

async function complain(target: SeedTarget, planned: PlannedPayment, purses: Purses): Promise<void> {
  const { id: paymentId } = await pay(target, planned, purses);
  const context = contextOf(payerOf(planned.school.organisation, planned.student));
  const input = { idempotencyKey: 'demo-complaint', about: { paymentId }, text: '申请退费后多久可以到账？' };
  accepted(await target.execute(new OpenComplaint(context, input)), 'complaint');
}
