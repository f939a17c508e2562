import type { KnownPayment, RefusedPayment } from '../../domain/payment/index.js';
import { cancelTender } from '../channels/index.js';
import { giveMerchantCodeBack } from '../qr/claim-merchant-code.js';
import { decideOnPayment } from './decide.js';
import { duesOf } from './dues.js';
import { billStep, type Mover, type PaymentParts } from './parts.js';

/**
 * Ends a refused payment: gives back the hold and every reservation, and only then says that it failed. Bills and wallet
 * bar the payment at the same time, so that a step of it that is still on its way cannot promise anything after that.
 */
export async function giveBack(
  parts: PaymentParts,
  payment: RefusedPayment,
  mover: Mover,
): Promise<KnownPayment> {
  const dues = duesOf(parts, payment);
  const bills = payment.bills.map(({ billId }) =>
    dues.release(billStep(payment, mover, 'release', { billId, organisationId: undefined })),
  );
  const code = giveMerchantCodeBack(parts, payment, mover);
  await Promise.all([cancelTender({ parts, payment, mover }), code, ...bills]);
  const command = { kind: 'fail', at: parts.runtime.clock.now() } as const;
  return decideOnPayment(parts, payment, mover, { step: 'fail', command });
}
