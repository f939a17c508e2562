import { defineEvents } from '#libs/event-log/codec/types.js';
import { decodeMoney, decodePostings, encodeMoney, encodePostings } from '#libs/event-log/codec/money.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import type { PaymentId, SubjectId, TenantId, WalletId } from '#libs/kernel/ids/index.js';
import type { Asset } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type {
  SubWalletId,
  WalletEvent,
  WalletHoldPlaced,
  WalletHoldSpent,
  WalletTier,
} from '../domain/wallet/index.js';
import { identityOf, subWalletEvents } from './sub-wallet-events.js';

/** How the events of a wallet are stored: schemas/events/payments. */
export const walletEvents = defineEvents<WalletEvent>('payments', {
  WalletOpened: {
    version: 1,
    encode: ({ walletId, tenant, owner, label, asset, tier, institutionId }) => ({
      walletId,
      tenant,
      owner,
      label,
      asset,
      ...(tier && { tier }),
      ...(institutionId !== undefined && { institutionId }),
    }),
    decode: (json) => ({
      walletId: walletIdOf(json),
      tenant: json['tenant'] as TenantId,
      owner: json['owner'] as string,
      label: json['label'] as string,
      asset: json['asset'] as Asset,
      ...(json['tier'] !== undefined && { tier: json['tier'] as WalletTier }),
      ...(json['institutionId'] !== undefined && { institutionId: json['institutionId'] as string }),
    }),
  },
  WalletHolderRegistered: {
    version: 1,
    encode: ({ walletId, subjectId, name, phone }) => ({ walletId, subjectId, name, phone }),
    decode: (json) => ({
      walletId: walletIdOf(json),
      subjectId: json['subjectId'] as SubjectId,
      name: json['name'] as string | null,
      phone: json['phone'] as string | null,
    }),
  },
  WalletUpgraded: {
    version: 1,
    encode: ({ walletId, from, to, identity }) => ({ walletId, from, to, identity: { ...identity } }),
    decode: (json) => ({
      walletId: walletIdOf(json),
      from: json['from'] as WalletTier,
      to: json['to'] as WalletTier,
      identity: identityOf(json['identity'] as JsonObject),
    }),
  },
  WalletToppedUp: {
    version: 1,
    encode: ({ walletId, topUpId, amount, availableAfter, postings }) => ({
      walletId,
      topUpId,
      amount: encodeMoney(amount),
      availableAfter: encodeMoney(availableAfter),
      postings: encodePostings(postings),
    }),
    decode: (json) => ({
      walletId: walletIdOf(json),
      topUpId: json['topUpId'] as string,
      amount: decodeMoney(json['amount']),
      availableAfter: decodeMoney(json['availableAfter']),
      postings: decodePostings(json['postings']),
    }),
  },
  WalletCredited: {
    version: 1,
    encode: ({ walletId, creditId, amount, source, availableAfter, postings }) => ({
      walletId,
      creditId,
      amount: encodeMoney(amount),
      source,
      availableAfter: encodeMoney(availableAfter),
      postings: encodePostings(postings),
    }),
    decode: (json) => ({
      walletId: walletIdOf(json),
      creditId: json['creditId'] as string,
      amount: decodeMoney(json['amount']),
      source: json['source'] as string,
      availableAfter: decodeMoney(json['availableAfter']),
      postings: decodePostings(json['postings']),
    }),
  },
  WalletHoldPlaced: { version: 1, encode: encodeCounted, decode: decodeCounted },
  WalletHoldReleased: { version: 1, encode: encodeCounted, decode: decodeCounted },
  WalletHoldSpent: { version: 1, encode: encodeHold, decode: decodeHold },
  WalletPaymentBarred: {
    version: 1,
    encode: ({ walletId, paymentId }) => ({ walletId, paymentId }),
    decode: (json) => ({ walletId: walletIdOf(json), paymentId: json['paymentId'] as PaymentId }),
  },
  WalletFrozen: {
    version: 1,
    encode: ({ walletId, reason, frozenAt }) => ({ walletId, reason, frozenAt }),
    decode: (json) => ({
      walletId: walletIdOf(json),
      reason: json['reason'] as string,
      frozenAt: json['frozenAt'] as Instant,
    }),
  },
  WalletThawed: {
    version: 1,
    encode: ({ walletId, reason, thawedAt }) => ({ walletId, reason, thawedAt }),
    decode: (json) => ({
      walletId: walletIdOf(json),
      reason: json['reason'] as string,
      thawedAt: json['thawedAt'] as Instant,
    }),
  },
  ...subWalletEvents,
});

function walletIdOf(json: JsonObject): WalletId {
  return json['walletId'] as WalletId;
}

function encodeHold({
  walletId,
  paymentId,
  amount,
  availableAfter,
  heldAfter,
}: WalletHoldSpent['data']): JsonObject {
  return {
    walletId,
    paymentId,
    amount: encodeMoney(amount),
    availableAfter: encodeMoney(availableAfter),
    heldAfter: encodeMoney(heldAfter),
  };
}

function decodeHold(json: JsonObject): WalletHoldSpent['data'] {
  return {
    walletId: walletIdOf(json),
    paymentId: json['paymentId'] as PaymentId,
    amount: decodeMoney(json['amount']),
    availableAfter: decodeMoney(json['availableAfter']),
    heldAfter: decodeMoney(json['heldAfter']),
  };
}

function encodeCounted(data: WalletHoldPlaced['data']): JsonObject {
  const { businessDate, subWalletId, postings } = data;
  return {
    ...encodeHold(data),
    ...(businessDate && { businessDate }),
    ...(subWalletId && { subWalletId }),
    postings: encodePostings(postings),
  };
}

function decodeCounted(json: JsonObject): WalletHoldPlaced['data'] {
  return {
    ...decodeHold(json),
    ...(json['businessDate'] !== undefined && { businessDate: json['businessDate'] as LocalDate }),
    ...(json['subWalletId'] !== undefined && { subWalletId: json['subWalletId'] as SubWalletId }),
    postings: decodePostings(json['postings']),
  };
}
