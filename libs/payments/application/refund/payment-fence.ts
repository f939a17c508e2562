import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { paymentAggregate } from '../../codec/index.js';
import type { PaymentRefusal } from '../../domain/payment/index.js';
import type { KnownRefund } from '../../domain/refund/index.js';
import type { Mover } from '../pay-bills/parts.js';
import { contextOf, type RefundParts } from './parts.js';

/** Sets the refund's money aside on the payment, where all refunds of it meet. */
export async function holdOnPayment(
  parts: RefundParts,
  refund: KnownRefund,
  mover: Mover,
): Promise<Outcome<undefined, Rejection>> {
  const { refundId, lines, paymentId } = refund;
  const command = { kind: 'holdRefund', refundId, lines, at: parts.runtime.clock.now() } as const;
  const result = await parts.store.run(
    paymentAggregate,
    paymentId,
    command,
    contextOf(parts, refund, mover, 'hold'),
  );
  return result.accepted
    ? { accepted: true, value: undefined }
    : { accepted: false, rejection: result.rejection };
}

/** The last step of a refund that returned money. */
export async function settleOnPayment(parts: RefundParts, refund: KnownRefund, mover: Mover): Promise<void> {
  const command = { kind: 'settleRefund', refundId: refund.refundId, at: parts.runtime.clock.now() } as const;
  const context = contextOf(parts, refund, mover, 'settle');
  const result = await parts.store.run(paymentAggregate, refund.paymentId, command, context);
  if (!result.accepted) throw unexpected(refund, result.rejection);
}

/** The last step of a refund that came to nothing; bars a hold of it that is still on its way. */
export async function releaseOnPayment(parts: RefundParts, refund: KnownRefund, mover: Mover): Promise<void> {
  const command = {
    kind: 'releaseRefund',
    refundId: refund.refundId,
    at: parts.runtime.clock.now(),
  } as const;
  const context = contextOf(parts, refund, mover, 'release');
  const result = await parts.store.run(paymentAggregate, refund.paymentId, command, context);
  if (!result.accepted) throw unexpected(refund, result.rejection);
}

function unexpected({ refundId, paymentId }: KnownRefund, { code }: PaymentRefusal): Error {
  return new Error(`Payment ${paymentId} refused a step of refund ${refundId} with ${code}.`);
}
