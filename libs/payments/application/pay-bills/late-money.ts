import { hash } from 'node:crypto';
import { ChannelUnknown } from '#libs/channels/port/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import { asId, type PaymentId } from '#libs/kernel/ids/index.js';
import { formatDecimal } from '#libs/kernel/money/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import {
  CANCELLED_CODE,
  operationIdOf,
  type FailedPayment,
  type KnownPayment,
  type LateSuccess,
  type PaymentRequest,
  type RefusedPayment,
} from '../../domain/payment/index.js';
import { openCase, resolveCase } from '../exceptions.js';
import { decideOnPayment } from './decide.js';
import type { Mover, PaymentParts } from './parts.js';

/** The institution has so long to give late money back, ms. */
const RETURN_WITHIN_MS = 7 * 86_400_000;

/** Runs another payment to its end. */
type Pay = (request: PaymentRequest) => Promise<KnownPayment>;

/** `return-<payment>`: the operation by which late money goes back, the same on every attempt. */
export function returnOperationIdOf(paymentId: PaymentId): string {
  return `return-${paymentId}`;
}

/**
 * Money that came in after its payment had failed: the same bills, or the same contract, get it if they can still take it all, in a payment of its
 * own; otherwise, or when the payer had called the payment off, it goes back the way it came. A case tells of it meanwhile.
 */
export async function settleLateMoney(
  parts: PaymentParts,
  payment: FailedPayment,
  mover: Mover,
  pay: Pay,
): Promise<KnownPayment> {
  const { lateSuccess } = payment;
  if (!lateSuccess || lateSuccess.status === 'settled') return payment;
  await openLateCase(parts, payment, lateSuccess, mover);
  let proceeding: KnownPayment = payment;
  if (lateSuccess.status === 'inSuspense') {
    const by =
      payment.failure.code === CANCELLED_CODE
        ? undefined
        : await pay(reallocation(parts, payment, lateSuccess));
    if (by?.status === 'captured') {
      const at = parts.runtime.clock.now();
      const command = { kind: 'settleReallocation', byPayment: by.paymentId, at } as const;
      const settled = await decideOnPayment(parts, payment, mover, { step: 'settleReallocation', command });
      await resolve(parts, payment, mover, 'The money was used for the same bills by another payment.');
      return settled;
    }
    const operationId = returnOperationIdOf(payment.paymentId);
    const command = { kind: 'seekReturn', operationId, at: parts.runtime.clock.now() } as const;
    proceeding = await decideOnPayment(parts, payment, mover, { step: 'seekReturn', command });
  }
  return proceeding.status === 'failed' ? giveMoneyBack(parts, proceeding, mover) : proceeding;
}

async function giveMoneyBack(
  parts: PaymentParts,
  payment: FailedPayment,
  mover: Mover,
): Promise<KnownPayment> {
  const { lateSuccess, paymentId, tenant } = payment;
  if (!lateSuccess?.returning) return payment;
  const { operationId, soughtAt } = lateSuccess.returning;
  const reply = await parts.external.submit({
    operationId,
    kind: 'refund',
    tenant,
    amount: lateSuccess.amount,
    ofOperation: operationIdOf(paymentId),
    purpose: `Sluice ${operationId}`,
    expiresAt: addMs(soughtAt, RETURN_WITHIN_MS),
  });
  switch (reply.outcome) {
    case 'succeeded':
      return settleReturn(parts, payment, mover, reply.reference);
    case 'pending':
      return payment;
    case 'declined':
      throw new Error(`The institution does not take late money back: ${reply.reason}.`);
    case 'cancelled':
    case 'notFound':
      throw new ChannelUnknown(`The institution answers ${reply.outcome} to a return.`);
    default:
      return assertNever(reply, 'reply');
  }
}

/** The money is with the payer again. */
export async function settleReturn(
  parts: PaymentParts,
  payment: FailedPayment,
  mover: Mover,
  reference: string,
): Promise<KnownPayment> {
  const command = { kind: 'settleReturn', reference, at: parts.runtime.clock.now() } as const;
  const settled = await decideOnPayment(parts, payment, mover, { step: 'settleReturn', command });
  await resolve(parts, payment, mover, 'The money went back to the payer.');
  return settled;
}

/** Money for a payment that was refused before: stored, and a case until it is settled. Nothing where it is stored already. */
export async function recordLateSuccess(
  parts: PaymentParts,
  payment: RefusedPayment | FailedPayment,
  { amount, reference }: Pick<LateSuccess, 'amount' | 'reference'>,
  mover: Mover,
): Promise<KnownPayment> {
  const at = parts.runtime.clock.now();
  const command = { kind: 'recordLateSuccess', reference, amount, at } as const;
  const after = await decideOnPayment(parts, payment, mover, { step: 'lateSuccess', command });
  await openLateCase(parts, after, { amount, reference }, mover);
  return after;
}

export async function openLateCase(
  parts: PaymentParts,
  payment: KnownPayment,
  { amount, reference }: Pick<LateSuccess, 'amount' | 'reference'>,
  { correlationId }: Mover,
): Promise<void> {
  const facts = { amount: formatDecimal(amount), reference };
  const at = parts.runtime.clock.now();
  await openCase(parts, payment, { kind: 'lateSuccess', facts, at }, correlationId);
}

function resolve(parts: PaymentParts, payment: KnownPayment, mover: Mover, text: string): Promise<void> {
  return resolveCase(parts, payment, { kind: 'lateSuccess', text }, mover.correlationId);
}

/** Everything in it follows from the failed payment, so that every attempt asks for the very same. */
function reallocation(
  parts: PaymentParts,
  { paymentId, tenant, account, organisationId, bills, funding, total, charge }: FailedPayment,
  late: LateSuccess,
): PaymentRequest {
  const id = deriveUuid(UUID_NAMESPACES.entity, 'payment', tenant, 'reallocation', paymentId);
  return {
    paymentId: asId<'payment'>(id),
    tenant,
    account,
    organisationId,
    inputHash: hash('sha256', `reallocation of ${paymentId}`, 'hex'),
    bills: bills.map(({ billId, amount }) => ({ billId, amount })),
    ...(funding && { funding }),
    total,
    ...(charge && { charge }),
    tender: { channel: 'suspense', ofPayment: paymentId, organisationId: late.organisationId },
    initiatedAt: parts.runtime.clock.now(),
  };
}
