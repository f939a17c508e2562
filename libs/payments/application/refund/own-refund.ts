import { isUuid, type RefundId } from '#libs/kernel/ids/index.js';
import type { Caller } from '#libs/security/port/index.js';
import { paymentAggregate, refundAggregate } from '../../codec/index.js';
import type { CapturedPayment } from '../../domain/payment/index.js';
import type { KnownRefund } from '../../domain/refund/index.js';
import { organisationOf } from './ask-for-refund.js';
import type { RefundProcess } from './refund-process.js';

/** The refund, if it is one of the caller's organisation. Not yours looks exactly like not found. */
export async function ownRefund(
  { parts: { store } }: RefundProcess,
  caller: Caller,
  refundId: RefundId,
): Promise<{ readonly refund: KnownRefund; readonly payment: CapturedPayment } | undefined> {
  if (!isUuid(refundId)) return undefined;
  const { state: refund } = await store.load(refundAggregate, refundId);
  if (refund.status === 'absent' || refund.tenant !== caller.tenant) return undefined;
  if (refund.organisationId !== organisationOf(caller)) return undefined;
  const { state: payment } = await store.load(paymentAggregate, refund.paymentId);
  if (payment.status !== 'captured')
    throw new Error(`Refund ${refundId} of a payment that was not captured.`);
  return { refund, payment };
}
