import { decodeMoney, decodePostings, encodeMoney, encodePostings } from '#libs/event-log/codec/money.js';
import { defineEvents, type EventSet } from '#libs/event-log/codec/types.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import type { TenantId, TransferId, WalletId } from '#libs/kernel/ids/index.js';
import type { Posting } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { BankAct, TransferEvent, TransferFailure } from '../domain/transfer/index.js';

type Types = EventSet<TransferEvent>['types'];
type Beginnings = 'TransferRequested' | 'CollectionOffered' | 'CollectionConfirmed';

const beginnings: Pick<Types, Beginnings> = {
  TransferRequested: {
    version: 1,
    encode: ({ amount, ...data }) => ({ ...data, amount: encodeMoney(amount) }),
    decode: (json) => ({
      ...askedOf(json),
      kind: json['kind'] as 'topUp' | 'withdrawal',
      bankAccount: json['bankAccount'] as string,
      requestedAt: json['requestedAt'] as Instant,
    }),
  },
  CollectionOffered: {
    version: 1,
    encode: ({ amount, ...data }) => ({ ...data, amount: encodeMoney(amount) }),
    decode: (json) => ({
      ...askedOf(json),
      expiresAt: json['expiresAt'] as Instant,
      offeredAt: json['offeredAt'] as Instant,
    }),
  },
  CollectionConfirmed: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      transferId: idOf(json),
      payer: json['payer'] as string,
      walletId: json['walletId'] as WalletId,
      confirmedAt: json['confirmedAt'] as Instant,
    }),
  },
};

const atTheBank: Pick<
  Types,
  'TransferSought' | 'TransferOutcomeUnknown' | 'TransferReturned' | 'TransferGivenBack'
> = {
  TransferSought: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      transferId: idOf(json),
      act: json['act'] as BankAct,
      operationId: json['operationId'] as string,
      expiresAt: json['expiresAt'] as Instant,
      soughtAt: json['soughtAt'] as Instant,
    }),
  },
  TransferOutcomeUnknown: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      transferId: idOf(json),
      act: json['act'] as BankAct,
      reason: json['reason'] as string,
      since: json['since'] as Instant,
    }),
  },
  TransferReturned: {
    version: 1,
    encode: ({ postings, ...data }) => ({ ...data, postings: encodePostings(postings) }),
    decode: (json) => ({
      transferId: idOf(json),
      reference: json['reference'] as string,
      reason: json['reason'] as string,
      postings: decodePostings(json['postings']),
      returnedAt: json['returnedAt'] as Instant,
    }),
  },
  TransferGivenBack: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({ transferId: idOf(json), givenBackAt: json['givenBackAt'] as Instant }),
  },
};

/** How transfers are stored: schemas/events/payments. */
export const transferEvents = defineEvents<TransferEvent>('payments', {
  ...beginnings,
  ...atTheBank,
  TransferTaken: {
    version: 1,
    encode: ({ postings, ...data }) => ({ ...data, postings: encodePostings(postings) }),
    decode: (json) => ({
      transferId: idOf(json),
      ...(json['reference'] !== undefined && { reference: json['reference'] as string }),
      postings: decodePostings(json['postings']),
      takenAt: json['takenAt'] as Instant,
    }),
  },
  TransferLateSuccessRecorded: {
    version: 1,
    encode: ({ postings, ...data }) => ({ ...data, postings: encodePostings(postings) }),
    decode: (json) => ({
      transferId: idOf(json),
      reference: json['reference'] as string,
      postings: decodePostings(json['postings']),
      recordedAt: json['recordedAt'] as Instant,
    }),
  },
  TransferPaidAfterAll: {
    version: 1,
    encode: ({ postings, ...data }) => ({ ...data, postings: encodePostings(postings) }),
    decode: (json) => ({
      transferId: idOf(json),
      reference: json['reference'] as string,
      postings: decodePostings(json['postings']),
      paidAt: json['paidAt'] as Instant,
    }),
  },
  TransferRefused: {
    version: 1,
    encode: ({ failure, ...data }) => ({ ...data, failure: encodeFailure(failure) }),
    decode: (json) => ({
      transferId: idOf(json),
      failure: decodeFailure(json['failure']),
      refusedAt: json['refusedAt'] as Instant,
    }),
  },
  TransferUndeliverable: {
    version: 1,
    encode: ({ failure, ...data }) => ({ ...data, failure: encodeFailure(failure) }),
    decode: (json) => ({
      transferId: idOf(json),
      failure: decodeFailure(json['failure']),
      foundAt: json['foundAt'] as Instant,
    }),
  },
  TransferFailed: {
    version: 1,
    encode: ({ failure, postings, ...data }) => ({
      ...data,
      failure: encodeFailure(failure),
      ...(postings && { postings: encodePostings(postings) }),
    }),
    decode: (json) => ({
      transferId: idOf(json),
      failure: decodeFailure(json['failure']),
      ...postingsOf(json),
      failedAt: json['failedAt'] as Instant,
    }),
  },
  TransferCompleted: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({ transferId: idOf(json), completedAt: json['completedAt'] as Instant }),
  },
});

function idOf(json: JsonObject): TransferId {
  return json['transferId'] as TransferId;
}

function askedOf(json: JsonObject) {
  return {
    transferId: idOf(json),
    tenant: json['tenant'] as TenantId,
    account: json['account'] as string,
    inputHash: json['inputHash'] as string,
    amount: decodeMoney(json['amount']),
    walletId: json['walletId'] as WalletId,
  };
}

function postingsOf(json: JsonObject): { readonly postings?: readonly Posting[] } {
  return json['postings'] === undefined ? {} : { postings: decodePostings(json['postings']) };
}

function encodeFailure({ code, message, path, details }: TransferFailure): JsonObject {
  return { code, message, ...(path && { path: [...path] }), ...(details && { details: { ...details } }) };
}

function decodeFailure(json: Json | undefined): TransferFailure {
  return json as unknown as TransferFailure;
}
