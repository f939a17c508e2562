import type { ReservedBill } from '#libs/billing/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import { paymentAggregate } from '../../codec/index.js';
import type {
  Failure,
  InitiatedPayment,
  KnownPayment,
  PaidBill,
  PaymentCommand,
} from '../../domain/payment/index.js';
import { contextOf, type Mover, type PaymentParts, type StepName } from './parts.js';

/** The point of no return. Answers the payment as it is then: refused or failed if somebody else had decided so before. */
export function capture(
  parts: PaymentParts,
  payment: InitiatedPayment,
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
export function refuse(
  parts: PaymentParts,
  payment: InitiatedPayment,
  mover: Mover,
  failure: Failure,
): Promise<KnownPayment> {
  const command: PaymentCommand = { kind: 'refuse', failure, at: parts.runtime.clock.now() };
  return decideOnPayment(parts, payment, mover, { step: 'refuse', command });
}

/** Runs a command on the payment itself; whether it is accepted or comes too late, the state afterwards says how to go on. */
export async function decideOnPayment(
  parts: PaymentParts,
  payment: KnownPayment,
  mover: Mover,
  { step, command }: { readonly step: StepName; readonly command: PaymentCommand },
): Promise<KnownPayment> {
  const base = contextOf(parts, payment, mover, step);
  const organisation = command.kind === 'capture' ? onlyOrganisation(command.bills) : undefined;
  const context = organisation === undefined ? base : { ...base, organisation };
  const { state } = await parts.store.run(paymentAggregate, payment.paymentId, command, context);
  if (state.status === 'absent') throw new Error(`Payment ${payment.paymentId} is not in the log.`);
  return state;
}

function paidBillOf(bill: ReservedBill): PaidBill {
  const { billId, organisationId, billNumber, payerNumber, description, reserved } = bill;
  return { billId, organisationId, billNumber, payerNumber, description, amount: reserved };
}

/** For the metadata: whose staff is to see the payment at once. */
function onlyOrganisation(bills: readonly PaidBill[]) {
  const first = bills[0]?.organisationId;
  return bills.every(({ organisationId }) => organisationId === first) ? first : undefined;
}

/** The clerk's account id where an account path can hold it, otherwise a name that depends on nothing else. */
function cashierOf(account: string): string {
  if (/^[A-Za-z0-9._-]{1,60}$/.test(account)) return account;
  return deriveUuid(UUID_NAMESPACES.entity, 'cashier', account);
}
