import { ChannelUnknown, type ChannelReply } from '#libs/channels/port/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import { asId, type AdvanceId, type PaymentId } from '#libs/kernel/ids/index.js';
import { posting, type Posting } from '#libs/kernel/money/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import { advanceAggregate, paymentAggregate, walletAggregate } from '../../codec/index.js';
import { accounts } from '../../domain/accounts.js';
import {
  isOutside,
  operationIdOf,
  type CapturedPayment,
  type OutsideChannel,
} from '../../domain/payment/index.js';
import type { ReturnedRefund, SentRefund } from '../../domain/refund/index.js';
import type { Mover } from '../pay-bills/parts.js';
import { contextOf, type RefundParts } from './parts.js';
import { openRefundCase } from './undelivered.js';

export type PaidBack =
  | { readonly outcome: 'returned'; readonly reference: string; readonly postings: readonly Posting[] }
  | { readonly outcome: 'rejected'; readonly code: string; readonly reason: string }
  /** A person confirms it, or the bank's notice does. */
  | { readonly outcome: 'waits' };

/** The institution may try for so long, ms: 7 days. */
const BANK_HAS_MS = 7 * 86_400_000;

/** After so long without an answer a person looks at it, ms. */
const SILENT_TOO_LONG_MS = 15 * 60_000;

const WAITS: PaidBack = { outcome: 'waits' };

/** Gives the money back the way it came. Again for the same refund: the same, once. */
export function payBack(
  parts: RefundParts,
  refund: SentRefund,
  payment: CapturedPayment,
  mover: Mover,
): Promise<PaidBack> {
  const { tender } = payment;
  if (refund.refundKind === 'dishonour') return Promise.resolve(notHonoured(refund));
  switch (tender.channel) {
    case 'wallet':
      return creditWallet(parts, refund, tender.walletId, mover);
    case 'advance':
      return Promise.resolve(toAdvance(refund, tender.advanceId));
    case 'operator':
    case 'transfer':
    case 'suspense':
      return askInstitution(parts, refund, payment, mover);
    case 'cash':
    case 'cheque':
    case 'pos':
    case 'offline':
      return Promise.resolve(WAITS);
    default:
      return assertNever(tender, 'tender');
  }
}

/** The cheque brought nothing: what the capture moved goes back out of the organisation's account. */
function notHonoured({ organisationId, amount, refundId }: SentRefund): PaidBack {
  const postings = [
    posting(accounts.payable(organisationId), accounts.clearing('cheque'), amount),
    posting(accounts.clearing('cheque'), accounts.outside('cheque'), amount),
  ];
  return { outcome: 'returned', reference: refundId, postings };
}

async function creditWallet(
  parts: RefundParts,
  refund: SentRefund,
  walletId: Extract<CapturedPayment['tender'], { channel: 'wallet' }>['walletId'],
  mover: Mover,
): Promise<PaidBack> {
  const { refundId, tenant, amount } = refund;
  const command = {
    kind: 'credit',
    creditId: refundId,
    tenant,
    amount,
    source: accounts.refundClearing,
  } as const;
  const context = contextOf(parts, refund, mover, 'credit');
  const result = await parts.store.run(walletAggregate, walletId, command, context);
  if (!result.accepted) throw new Error(`Wallet ${walletId} took no refund: ${result.rejection.code}.`);
  return { outcome: 'returned', reference: refundId, postings: [] };
}

/** The money is the advance's from here on; `creditAdvance` lets it be spent, which must not come first. */
function toAdvance({ refundId, amount }: SentRefund, advanceId: AdvanceId): PaidBack {
  const postings = [posting(accounts.refundClearing, accounts.advance(advanceId), amount)];
  return { outcome: 'returned', reference: refundId, postings };
}

/** What was paid from an advance can be spent from it again. */
export async function creditAdvance(
  parts: RefundParts,
  refund: ReturnedRefund,
  { tender }: CapturedPayment,
  mover: Mover,
): Promise<void> {
  if (tender.channel !== 'advance') return;
  const { advanceId } = tender;
  const { refundId, tenant, organisationId, amount, lines, requestedAt } = refund;
  const { state } = await parts.store.load(advanceAggregate, advanceId);
  if (state.status === 'absent') throw new Error(`There is no advance ${advanceId} to give money back to.`);
  const command = {
    kind: 'credit',
    advanceId,
    tenant,
    organisationId,
    payerNumber: state.payerNumber,
    // An advance knows where money came from by one id: of a payment, or of this refund.
    paymentId: asId<'payment'>(refundId),
    billId: lines[0]!.billId,
    amount,
    at: requestedAt,
  } as const;
  const context = contextOf(parts, refund, mover, 'credit');
  const result = await parts.store.run(advanceAggregate, advanceId, command, context);
  if (!result.accepted) throw new Error(`Advance ${advanceId} took no refund: ${result.rejection.code}.`);
}

/** Who has to give the money back, and of which operation; undefined for tenders that no institution brought. */
export async function institutionOf(
  { store }: Pick<RefundParts, 'store'>,
  { tender, paymentId }: CapturedPayment,
): Promise<{ readonly channel: OutsideChannel; readonly of: PaymentId } | undefined> {
  if (isOutside(tender)) return { channel: tender.channel, of: paymentId };
  if (tender.channel !== 'suspense') return undefined;
  // The money came by the payment whose late success it was, and goes back to where that came from.
  const { state: origin } = await store.load(paymentAggregate, tender.ofPayment);
  if (origin.status === 'absent' || !isOutside(origin.tender)) {
    throw new Error(`Payment ${paymentId} used money in suspense that no institution brought.`);
  }
  return { channel: origin.tender.channel, of: tender.ofPayment };
}

async function askInstitution(
  parts: RefundParts,
  refund: SentRefund,
  payment: CapturedPayment,
  { correlationId }: Mover,
): Promise<PaidBack> {
  const institution = await institutionOf(parts, payment);
  if (!institution) throw new Error(`No institution brought payment ${payment.paymentId}.`);
  const { refundId, tenant, amount, sentAt } = refund;
  const operation = {
    operationId: `refund-${refundId}`,
    kind: 'refund',
    tenant,
    amount,
    ofOperation: operationIdOf(institution.of),
    purpose: `refund ${refundId}`,
    // Of the refund, not of the attempt: the same on every attempt.
    expiresAt: addMs(sentAt, BANK_HAS_MS),
  } as const;
  try {
    return paidBackBy(institution.channel, amount, await parts.channel.submit(operation));
  } catch (error) {
    if (!(error instanceof ChannelUnknown)) throw error;
    // It may have gone through: the notice or the next round will tell.
    if (parts.runtime.clock.now() >= addMs(sentAt, SILENT_TOO_LONG_MS)) {
      const facts = { reason: error.message.slice(0, 500), since: sentAt };
      await openRefundCase(parts, refund, { kind: 'unknownTooLong', facts }, correlationId);
    }
    return WAITS;
  }
}

function paidBackBy(channel: OutsideChannel, amount: SentRefund['amount'], reply: ChannelReply): PaidBack {
  switch (reply.outcome) {
    case 'succeeded':
      return { outcome: 'returned', reference: reply.reference, postings: leaving(channel, amount) };
    case 'declined':
      return { outcome: 'rejected', code: 'BANK_DECLINED', reason: reply.reason };
    case 'cancelled':
      return { outcome: 'rejected', code: 'BANK_DECLINED', reason: 'EXPIRED' };
    case 'pending':
    case 'notFound':
      return WAITS;
    default:
      return assertNever(reply, 'reply');
  }
}

/** Out of the refund account to the outside world. */
export function leaving(channel: OutsideChannel, amount: SentRefund['amount']): readonly Posting[] {
  return [posting(accounts.refundClearing, accounts.outside(channel), amount)];
}
