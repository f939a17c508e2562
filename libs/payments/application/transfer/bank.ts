import {
  ChannelUnknown,
  type ChannelOperation,
  type ChannelReply,
  type OperationId,
} from '#libs/channels/port/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import { formatDecimal } from '#libs/kernel/money/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import {
  transferOperationId,
  type BankAct,
  type KnownTransfer,
  type TransferFailure,
} from '../../domain/transfer/index.js';
import { decideOnTransfer, openTransferCase, type Mover, type TransferParts } from './parts.js';

/** How long the institution may let it succeed, ms. A refund has no reason to end. */
const LIFETIME_MS: Readonly<Record<BankAct, number>> = {
  collect: 10 * 60_000,
  payout: 86_400_000,
  refund: 30 * 86_400_000,
};
const TOO_LONG_MS = 15 * 60_000;
const LONGEST_REASON = 200;

type Answer = ChannelReply | { readonly outcome: 'unknown'; readonly reason: string };

/** Stored before the institution hears of it, so that no call is ever forgotten; then the call. */
export async function seek(
  parts: TransferParts,
  transfer: KnownTransfer,
  mover: Mover,
  act: BankAct,
): Promise<KnownTransfer> {
  const at = parts.runtime.clock.now();
  const command = { kind: 'seek', act, expiresAt: addMs(at, LIFETIME_MS[act]), at } as const;
  const sought = await decideOnTransfer(parts, transfer, mover, { step: `seek-${act}`, command });
  if (sought.status !== 'sought') return sought;
  return take(parts, sought, mover, await answerOf(parts.ports.external.submit(operationOf(sought))));
}

/**
 * Asks what became of it. Never heard of: the call got lost, and is repeated with the same id as long as it may succeed; after that
 * the institution is asked to bar it, and only its promise ends the transfer.
 */
export async function enquire(
  parts: TransferParts,
  transfer: KnownTransfer,
  mover: Mover,
): Promise<KnownTransfer> {
  const { external } = parts.ports;
  const operation = operationOf(transfer);
  const at = parts.runtime.clock.now();
  if (at >= operation.expiresAt) {
    return take(parts, transfer, mover, await answerOf(external.cancel(operation)));
  }
  const answer = await answerOf(external.query(operation));
  const known = answer.outcome === 'notFound' ? await answerOf(external.submit(operation)) : answer;
  const after = await take(parts, transfer, mover, known);
  const { unknownSince } = after;
  if (unknownSince !== undefined && at >= addMs(unknownSince, TOO_LONG_MS)) {
    const facts = { operationId: operation.operationId, since: unknownSince };
    await openTransferCase(parts, after, { kind: 'unknownTooLong', facts }, mover.correlationId);
  }
  return after;
}

export function declined(reason: string): TransferFailure {
  return {
    code: 'CHANNEL_DECLINED',
    message: 'The institution declined.',
    details: { reason: reason.slice(0, LONGEST_REASON) },
  };
}

/** Money that moved after its refusal, whether a reply or a notice says so: a person is told, once. */
export async function tellOfLateSuccess(
  parts: TransferParts,
  transfer: KnownTransfer,
  reference: string,
  mover: Mover,
): Promise<void> {
  const { status, paidAfterAll, amount, sought } = transfer;
  if (status !== 'late' && !paidAfterAll) return;
  const facts = { operationId: sought!.operationId, reference, amount: formatDecimal(amount) };
  await openTransferCase(parts, transfer, { kind: 'lateSuccess', facts }, mover.correlationId);
}

async function take(
  parts: TransferParts,
  transfer: KnownTransfer,
  mover: Mover,
  answer: Answer,
): Promise<KnownTransfer> {
  const { act } = transfer.sought!;
  const at = parts.runtime.clock.now();
  switch (answer.outcome) {
    case 'succeeded': {
      const command = { kind: 'succeed', act, reference: answer.reference, at } as const;
      const after = await decideOnTransfer(parts, transfer, mover, { step: `succeed-${act}`, command });
      await tellOfLateSuccess(parts, after, answer.reference, mover);
      return after;
    }
    case 'declined':
      return refuseBy(parts, transfer, mover, declined(answer.reason));
    case 'cancelled': {
      const message = 'The institution did not have the money in time.';
      return refuseBy(parts, transfer, mover, { code: 'CHANNEL_DECLINED', message });
    }
    case 'pending':
      return transfer;
    case 'notFound':
    case 'unknown': {
      const reason = answer.outcome === 'unknown' ? answer.reason : 'The institution has never heard of it.';
      const command = { kind: 'loseTrack', reason: reason.slice(0, LONGEST_REASON), at } as const;
      return decideOnTransfer(parts, transfer, mover, { step: `unknown-${act}`, command });
    }
    default:
      return assertNever(answer, 'reply');
  }
}

/** A refund that the institution declines leaves money with us that is not ours: a person has to find another way. */
export async function refuseBy(
  parts: TransferParts,
  transfer: KnownTransfer,
  mover: Mover,
  failure: TransferFailure,
): Promise<KnownTransfer> {
  const { sought } = transfer;
  if (sought?.act === 'refund') {
    const facts = {
      operationId: sought.operationId,
      reason: failure.details?.['reason'] ?? failure.code,
    };
    await openTransferCase(parts, transfer, { kind: 'refundReturnedByBank', facts }, mover.correlationId);
    return transfer;
  }
  const at = parts.runtime.clock.now();
  const command = { kind: 'refuse', ...(sought && { act: sought.act }), failure, at } as const;
  return decideOnTransfer(parts, transfer, mover, { step: 'refuse', command });
}

async function answerOf(call: Promise<ChannelReply>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    // Whatever else is thrown is a bug of ours: the transfer stays where it is and is tried again.
    if (!(error instanceof ChannelUnknown)) throw error;
    return { outcome: 'unknown', reason: `${error.name}: ${error.message}` };
  }
}

function operationOf({ transferId, tenant, amount, bankAccount, sought }: KnownTransfer): ChannelOperation {
  const { act, operationId, expiresAt } = sought!;
  return {
    operationId: operationId as OperationId,
    kind: act,
    tenant,
    amount,
    ...(act === 'refund'
      ? { ofOperation: transferOperationId(transferId, 'collect') as OperationId }
      : { account: bankAccount! }),
    purpose: `Sluice ${operationId}`,
    expiresAt,
  };
}
