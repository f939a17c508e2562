import { paymentAggregate } from '../../codec/index.js';
import type { KnownPayment, PaidBill, PaymentCommand } from '../../domain/payment/index.js';
import { contextOf, type Mover, type PaymentParts, type StepName } from './parts.js';

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

/** For the metadata: whose staff is to see the payment at once. */
function onlyOrganisation(bills: readonly PaidBill[]) {
  const first = bills[0]?.organisationId;
  return bills.every(({ organisationId }) => organisationId === first) ? first : undefined;
}
