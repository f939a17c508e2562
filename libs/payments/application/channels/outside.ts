import {
  ChannelUnknown,
  type ChannelOperation,
  type ChannelReply,
  type OperationKind,
} from '#libs/channels/port/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import {
  CANCELLED_CODE,
  operationIdOf,
  type AwaitingPayment,
  type Failure,
  type InitiatedPayment,
  type KnownPayment,
  type OutsideChannel,
  type PaidBill,
} from '../../domain/payment/index.js';
import { refuse } from '../pay-bills/capture.js';
import { decideOnPayment } from '../pay-bills/decide.js';
import { recordLateSuccess } from '../pay-bills/late-money.js';
import type { Mover, PaymentParts } from '../pay-bills/parts.js';

/** How long the institution may let it succeed, ms: a payer waits for a pull; a transfer between banks takes days. */
const LIFETIME_MS: Readonly<Record<OutsideChannel, number>> = {
  operator: 10 * 60_000,
  transfer: 3 * 86_400_000,
};

const KIND: Readonly<Record<OutsideChannel, OperationKind>> = {
  operator: 'collect',
  transfer: 'awaitCredit',
};

/** Longest reason that is kept, UTF-16 code units. */
const LONGEST_REASON = 200;

type Answer = ChannelReply | { readonly outcome: 'unknown'; readonly reason: string };
type OutsidePayment = InitiatedPayment & { readonly tender: { readonly channel: OutsideChannel } };

/** Stored before the institution hears of it, so that no call is ever forgotten. */
export function seekAuthorisation(
  parts: PaymentParts,
  payment: OutsidePayment,
  mover: Mover,
  reserved: readonly Pick<PaidBill, 'organisationId'>[],
): Promise<KnownPayment> {
  const { channel } = payment.tender;
  const at = parts.runtime.clock.now();
  const command = {
    kind: 'seekAuthorisation',
    channel,
    operationId: operationIdOf(payment.paymentId),
    organisationId: reserved[0]!.organisationId,
    expiresAt: addMs(at, LIFETIME_MS[channel]),
    at,
  } as const;
  return decideOnPayment(parts, payment, mover, { step: 'seek', command });
}

/** The first call. */
export async function submit(
  parts: PaymentParts,
  payment: AwaitingPayment,
  mover: Mover,
): Promise<KnownPayment> {
  return take(parts, payment, mover, await answerOf(parts.external.submit(operationOf(payment))));
}

/**
 * Asks what became of it. Never heard of: the call got lost, and is repeated with the same id as long as it may succeed;
 * after that the institution is asked to bar it, and only its promise ends the payment.
 */
export async function enquire(
  parts: PaymentParts,
  payment: AwaitingPayment,
  mover: Mover,
): Promise<KnownPayment> {
  const { authorisation, tenant } = payment;
  const { operationId } = authorisation;
  if (parts.runtime.clock.now() >= authorisation.expiresAt) return callOff(parts, payment, mover);
  const answer = await answerOf(parts.external.query({ operationId, tenant }));
  if (answer.outcome === 'notFound') return submit(parts, payment, mover);
  return take(parts, payment, mover, answer);
}

/** Asks the institution to bar it; too late, and the answer is that it has succeeded. */
export async function callOff(
  parts: PaymentParts,
  payment: AwaitingPayment,
  mover: Mover,
): Promise<KnownPayment> {
  const { authorisation, tenant } = payment;
  const { operationId } = authorisation;
  return take(parts, payment, mover, await answerOf(parts.external.cancel({ operationId, tenant })));
}

async function take(
  parts: PaymentParts,
  payment: AwaitingPayment,
  mover: Mover,
  answer: Answer,
): Promise<KnownPayment> {
  const at = parts.runtime.clock.now();
  switch (answer.outcome) {
    case 'succeeded': {
      const command = { kind: 'authorise', reference: answer.reference, at } as const;
      const after = await decideOnPayment(parts, payment, mover, { step: 'authorise', command });
      if (after.status !== 'refused' && after.status !== 'failed') return after;
      // Somebody has heard otherwise meanwhile; no notice need follow a reply.
      const late = { amount: payment.total, reference: answer.reference };
      return after.lateSuccess ? after : recordLateSuccess(parts, after, late, mover);
    }
    case 'declined':
      return refuse(parts, payment, mover, declined(answer.reason));
    case 'cancelled':
      return refuse(parts, payment, mover, at >= payment.authorisation.expiresAt ? EXPIRED : CANCELLED);
    case 'pending': {
      const code = answer.instructions?.remittanceCode;
      if (code === undefined || payment.remittanceCode !== undefined) return payment;
      const command = { kind: 'instruct', remittanceCode: code, at } as const;
      return decideOnPayment(parts, payment, mover, { step: 'instruct', command });
    }
    case 'notFound':
    case 'unknown': {
      const reason = answer.outcome === 'unknown' ? answer.reason : 'The institution has never heard of it.';
      const command = { kind: 'loseTrack', reason: reason.slice(0, LONGEST_REASON), at } as const;
      return decideOnPayment(parts, payment, mover, { step: 'unknown', command });
    }
    default:
      return assertNever(answer, 'reply');
  }
}

async function answerOf(call: Promise<ChannelReply>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    // Whatever else is thrown is a bug of ours: the payment stays where it is, on the list, with the reason.
    if (!(error instanceof ChannelUnknown)) throw error;
    return { outcome: 'unknown', reason: `${error.name}: ${error.message}` };
  }
}

function operationOf(payment: AwaitingPayment): ChannelOperation {
  const { authorisation, tenant, total, tender } = payment;
  const { operationId, channel, expiresAt } = authorisation;
  return {
    operationId,
    kind: KIND[channel],
    tenant,
    amount: total,
    ...(tender.channel === 'operator' && { account: tender.payerToken }),
    purpose: `Sluice ${operationId}`,
    expiresAt,
  };
}

export function declined(reason: string): Failure {
  return {
    code: 'CHANNEL_DECLINED',
    message: 'The institution has declined.',
    details: { reason: reason.slice(0, LONGEST_REASON) },
  };
}

const EXPIRED: Failure = {
  code: 'PAYMENT_EXPIRED',
  message: 'The institution did not have the money in time.',
};

/** Nobody but us asks an institution to bar a payment, and before it expires only because the payer wants it. */
export const CANCELLED: Failure = {
  code: CANCELLED_CODE,
  message: 'The payment was called off before any money moved.',
};
