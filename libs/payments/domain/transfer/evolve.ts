import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { CollectionOffer, TransferEvent, TransferRequest } from './messages.js';
import type { KnownTransfer, TransferState, TransferStatus } from './state.js';

/** From which statuses an event can come. */
const FROM: Readonly<
  Record<Exclude<TransferEvent['type'], 'TransferRequested' | 'CollectionOffered'>, readonly TransferStatus[]>
> = {
  CollectionConfirmed: ['offered'],
  TransferSought: ['requested', 'undeliverable', 'late'],
  TransferOutcomeUnknown: ['sought'],
  TransferTaken: ['requested', 'sought'],
  TransferLateSuccessRecorded: ['refused', 'failed'],
  TransferPaidAfterAll: ['refused', 'failed'],
  TransferRefused: ['requested', 'sought'],
  TransferUndeliverable: ['taken'],
  TransferFailed: ['refused', 'undeliverable', 'sought'],
  TransferCompleted: ['taken'],
  TransferReturned: ['completed'],
  TransferGivenBack: ['returned'],
};

/** @throws ImpossibleHistoryError */
export function evolve(state: TransferState, event: TransferEvent): TransferState {
  if (event.type === 'TransferRequested' || event.type === 'CollectionOffered') {
    if (state.status !== 'absent') throw new ImpossibleHistoryError(`${event.type} twice.`);
    return event.type === 'TransferRequested' ? requested(event.data) : offered(event.data);
  }
  if (state.status === 'absent' || !FROM[event.type].includes(state.status)) {
    throw new ImpossibleHistoryError(`${event.type} for a transfer that is ${state.status}.`);
  }
  const { unknownSince: _answered, ...transfer } = state;
  switch (event.type) {
    case 'CollectionConfirmed': {
      const { payer: owner, walletId, confirmedAt } = event.data;
      return { ...transfer, status: 'requested', from: { owner, walletId }, requestedAt: confirmedAt };
    }
    case 'TransferSought': {
      const { act, operationId, expiresAt } = event.data;
      return { ...transfer, status: 'sought', sought: { act, operationId, expiresAt } };
    }
    case 'TransferOutcomeUnknown':
      return { ...transfer, unknownSince: event.data.since };
    case 'TransferTaken':
      return { ...transfer, status: 'taken', ...referenceOf(event.data) };
    case 'TransferLateSuccessRecorded':
      return { ...transfer, status: 'late', ...referenceOf(event.data) };
    case 'TransferPaidAfterAll':
      return { ...transfer, paidAfterAll: true };
    case 'TransferRefused':
      return { ...transfer, status: 'refused', failure: event.data.failure };
    case 'TransferUndeliverable':
      return { ...transfer, status: 'undeliverable', failure: event.data.failure };
    case 'TransferFailed':
      return { ...transfer, status: 'failed', failure: event.data.failure };
    case 'TransferCompleted':
      return { ...transfer, status: 'completed' };
    case 'TransferReturned':
      return { ...transfer, status: 'returned' };
    case 'TransferGivenBack':
      return { ...transfer, status: 'givenBack' };
    default:
      return assertNever(event, 'transfer event');
  }
}

function requested({ kind, account, walletId, ...data }: TransferRequest): KnownTransfer {
  const wallet = { owner: account, walletId };
  return {
    ...data,
    kind,
    account,
    status: 'requested',
    ...(kind === 'topUp' ? { to: wallet } : { from: wallet }),
  };
}

function offered({ account, walletId, expiresAt, offeredAt, ...data }: CollectionOffer): KnownTransfer {
  return {
    ...data,
    kind: 'personal',
    account,
    status: 'offered',
    to: { owner: account, walletId },
    offeredUntil: expiresAt,
    requestedAt: offeredAt,
  };
}

function referenceOf({ reference }: { readonly reference?: string }): { readonly reference?: string } {
  return reference === undefined ? {} : { reference };
}
