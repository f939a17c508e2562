import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { PayBillsRejectionCode } from '../../contract/index.js';
import type { PaymentRequest } from '../../domain/payment/index.js';

/** What an input says, or why nothing is stored for it. */
export type ReadOutcome = Outcome<PaymentRequest, Rejection<PayBillsRejectionCode>>;

export function refused(
  code: PayBillsRejectionCode,
  message: string,
  path?: readonly string[],
  details?: Readonly<Record<string, string>>,
): Extract<ReadOutcome, { accepted: false }> {
  return { accepted: false, rejection: { code, message, path, details } };
}
