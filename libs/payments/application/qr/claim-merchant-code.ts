import type { Outcome } from '#libs/kernel/errors/index.js';
import { subtract } from '#libs/kernel/money/index.js';
import { qrCodeAggregate } from '../../codec/qr-aggregates.js';
import type { Failure, KnownPayment } from '../../domain/payment/index.js';
import type { QrCodeRefusal } from '../../domain/qr-code/index.js';
import { contextOf, type Mover, type PaymentParts } from '../pay-bills/parts.js';

const DONE = { accepted: true, value: undefined } as const;

/**
 * Promises the scanned code's one use to the payment, before its bills are reserved and long before money moves. A payment
 * without a code has nothing to claim; claiming again changes nothing.
 */
export async function claimMerchantCode(
  parts: PaymentParts,
  payment: KnownPayment,
  mover: Mover,
): Promise<Outcome<undefined, Failure>> {
  const { merchantCodeId, paymentId, tenant, charge } = payment;
  if (merchantCodeId === undefined) return DONE;
  const total = charge ? subtract(payment.total, charge) : payment.total;
  const at = parts.runtime.clock.now();
  const result = await parts.store.run(
    qrCodeAggregate,
    merchantCodeId,
    { kind: 'claim', tenant, paymentId, total, at },
    contextOf(parts, payment, mover, 'claim'),
  );
  return result.accepted ? DONE : { accepted: false, rejection: failureOf(result.rejection) };
}

/** The payment moves no money: its code is free for another, and closed to whatever step of it is still on its way. */
export async function giveMerchantCodeBack(
  parts: PaymentParts,
  payment: KnownPayment,
  mover: Mover,
): Promise<void> {
  const { merchantCodeId, paymentId } = payment;
  if (merchantCodeId === undefined) return;
  const command = { kind: 'giveBack', paymentId, at: parts.runtime.clock.now() } as const;
  await parts.store.run(
    qrCodeAggregate,
    merchantCodeId,
    command,
    contextOf(parts, payment, mover, 'giveCodeBack'),
  );
}

function failureOf({ code, message, details }: QrCodeRefusal): Failure {
  const path = ['input', 'content'];
  switch (code) {
    case 'QR_USED':
    case 'QR_EXPIRED':
    case 'QR_WITHDRAWN':
      return { code, message, path };
    case 'AMOUNT_MISMATCH':
      return { code, message, path: ['input', 'expectedTotal'], ...(details && { details }) };
    case 'PAYMENT_ENDED':
      return { code: 'PAYMENT_INTERRUPTED', message };
    case 'QR_NOT_FOUND':
    case 'IDEMPOTENCY_CONFLICT':
      throw new Error(`A code was claimed that answered ${code}.`);
  }
}
