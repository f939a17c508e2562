import type { ReservedBill } from '#libs/billing/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { asId, type AdvanceId, type OrganisationId } from '#libs/kernel/ids/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type {
  AuthorisedPayment,
  AwaitingPayment,
  Failure,
  InitiatedPayment,
  KnownPayment,
  PaidBill,
  PaymentCommand,
} from '../../domain/payment/index.js';
import { decideOnPayment } from './decide.js';
import type { Mover, PaymentParts } from './parts.js';

/** The point of no return. Answers the payment as it is then: refused or failed if somebody else had decided so before. */
export function capture(
  parts: PaymentParts,
  payment: InitiatedPayment | AuthorisedPayment,
  mover: Mover,
  reserved: readonly ReservedBill[],
): Promise<KnownPayment> {
  const at = parts.runtime.clock.now();
  const command: PaymentCommand = {
    kind: 'capture',
    bills: reserved.map(paidBillOf),
    cashier: cashierOf(payment.account),
    businessDate: localDateOf(at),
    at,
  };
  return decideOnPayment(parts, payment, mover, { step: 'capture', command });
}

/** From here on the payment cannot be captured any more. Answers it captured if it was captured before. */
export async function refuse(
  parts: PaymentParts,
  payment: InitiatedPayment | AwaitingPayment,
  mover: Mover,
  failure: Failure,
): Promise<KnownPayment> {
  const command: PaymentCommand = { kind: 'refuse', failure, at: parts.runtime.clock.now() };
  return decideOnPayment(parts, payment, mover, { step: 'refuse', command });
}

/** A payer's advance at an organisation; the payer is known there by the number on the bills. */
export function advanceIdFor(organisationId: OrganisationId, payerNumber: string): AdvanceId {
  return asId<'advance'>(deriveUuid(UUID_NAMESPACES.entity, 'advance', organisationId, payerNumber));
}

function paidBillOf(bill: ReservedBill): PaidBill {
  const { billId, organisationId, billNumber, payerNumber, description, reserved, lateFee, advance } = bill;
  return {
    billId,
    organisationId,
    billNumber,
    payerNumber,
    description,
    amount: reserved,
    ...(lateFee.amount > 0n && { lateFee }),
    ...(advance.amount > 0n && {
      advance: { advanceId: advanceIdFor(organisationId, payerNumber), amount: advance },
    }),
  };
}

/** The clerk's account id where an account path can hold it, otherwise a name that depends on nothing else. */
export function cashierOf(account: string): string {
  if (/^[A-Za-z0-9._-]{1,60}$/.test(account)) return account;
  return deriveUuid(UUID_NAMESPACES.entity, 'cashier', account);
}
