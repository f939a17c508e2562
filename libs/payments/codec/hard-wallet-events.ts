import { decodeMoney, decodePostings, encodeMoney, encodePostings } from '#libs/event-log/codec/money.js';
import { defineEvents } from '#libs/event-log/codec/types.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import type { OrganisationId, PaymentId, TenantId, WalletId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type {
  HardWalletEvent,
  HardWalletId,
  LoadFailure,
  OfflinePayment,
} from '../domain/hard-wallet/index.js';

/** How hard wallets are stored: schemas/events/payments. */
export const hardWalletEvents = defineEvents<HardWalletEvent>('payments', {
  HardWalletIssued: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      hardWalletId: idOf(json),
      tenant: json['tenant'] as TenantId,
      owner: json['owner'] as string,
      walletId: json['walletId'] as WalletId,
      publicKey: json['publicKey'] as string,
      permitted: json['permitted'] as number,
      issuedAt: json['issuedAt'] as Instant,
    }),
  },
  HardWalletLoadRequested: {
    version: 1,
    encode: ({ amount, ...data }) => ({ ...data, amount: encodeMoney(amount) }),
    decode: (json) => ({
      hardWalletId: idOf(json),
      loadId: json['loadId'] as string,
      amount: decodeMoney(json['amount']),
      counter: json['counter'] as number,
      requestedAt: json['requestedAt'] as Instant,
    }),
  },
  HardWalletLoaded: {
    version: 1,
    encode: ({ amount, balanceAfter, postings, ...data }) => ({
      ...data,
      amount: encodeMoney(amount),
      balanceAfter: encodeMoney(balanceAfter),
      postings: encodePostings(postings),
    }),
    decode: (json) => ({
      hardWalletId: idOf(json),
      loadId: json['loadId'] as string,
      amount: decodeMoney(json['amount']),
      balanceAfter: decodeMoney(json['balanceAfter']),
      postings: decodePostings(json['postings']),
      loadedAt: json['loadedAt'] as Instant,
    }),
  },
  HardWalletLoadRefused: {
    version: 1,
    encode: ({ failure, ...data }) => ({ ...data, failure: encodeFailure(failure) }),
    decode: (json) => ({
      hardWalletId: idOf(json),
      loadId: json['loadId'] as string,
      failure: json['failure'] as unknown as LoadFailure,
      refusedAt: json['refusedAt'] as Instant,
    }),
  },
  OfflinePaymentTaken: {
    version: 1,
    encode: ({ amount, balanceAfter, postings, ...data }) => ({
      ...data,
      amount: encodeMoney(amount),
      balanceAfter: encodeMoney(balanceAfter),
      postings: encodePostings(postings),
    }),
    decode: (json) => ({
      ...paymentOf(json),
      balanceAfter: decodeMoney(json['balanceAfter']),
      postings: decodePostings(json['postings']),
      takenAt: json['takenAt'] as Instant,
    }),
  },
  OfflinePaymentSettled: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      hardWalletId: idOf(json),
      counter: json['counter'] as number,
      paymentId: json['paymentId'] as PaymentId,
      settledAt: json['settledAt'] as Instant,
    }),
  },
  OfflinePaymentSuspended: {
    version: 1,
    encode: ({ amount, postings, ...data }) => ({
      ...data,
      amount: encodeMoney(amount),
      postings: encodePostings(postings),
    }),
    decode: (json) => ({
      hardWalletId: idOf(json),
      counter: json['counter'] as number,
      organisationId: json['organisationId'] as OrganisationId,
      amount: decodeMoney(json['amount']),
      reason: json['reason'] as string,
      postings: decodePostings(json['postings']),
      suspendedAt: json['suspendedAt'] as Instant,
    }),
  },
  OfflineDoubleSpendDetected: {
    version: 1,
    encode: ({ amount, ...data }) => ({ ...data, amount: encodeMoney(amount) }),
    decode: (json) => ({
      ...paymentOf(json),
      why: json['why'] as 'counterReused' | 'beyondBalance',
      ...(json['takenDigest'] !== undefined && { takenDigest: json['takenDigest'] as string }),
      detectedAt: json['detectedAt'] as Instant,
    }),
  },
});

function idOf(json: JsonObject): HardWalletId {
  return json['hardWalletId'] as HardWalletId;
}

function paymentOf(json: JsonObject): OfflinePayment & { readonly hardWalletId: HardWalletId } {
  return {
    hardWalletId: idOf(json),
    counter: json['counter'] as number,
    digest: json['digest'] as string,
    amount: decodeMoney(json['amount']),
    organisationId: json['organisationId'] as OrganisationId,
    reference: json['reference'] as string,
    paidAt: json['paidAt'] as Instant,
  };
}

function encodeFailure({ code, message, details }: LoadFailure): Json {
  return { code, message, ...(details && { details: { ...details } }) };
}
