import { defineEvents } from '#libs/event-log/codec/types.js';
import { decodeMoney, decodePostings, encodeMoney, encodePostings } from '#libs/event-log/codec/money.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import type { PaymentId, TenantId, WalletId } from '#libs/kernel/ids/index.js';
import type { Asset } from '#libs/kernel/money/index.js';
import type { WalletEvent, WalletHoldSpent } from '../domain/wallet/index.js';

/** How the events of a wallet are stored: schemas/events/payments. */
export const walletEvents = defineEvents<WalletEvent>('payments', {
  WalletOpened: {
    version: 1,
    encode: ({ walletId, tenant, owner, label, asset }) => ({ walletId, tenant, owner, label, asset }),
    decode: (json) => ({
      walletId: walletIdOf(json),
      tenant: json['tenant'] as TenantId,
      owner: json['owner'] as string,
      label: json['label'] as string,
      asset: json['asset'] as Asset,
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
  WalletHoldPlaced: {
    version: 1,
    encode: (data) => ({ ...encodeHold(data), postings: encodePostings(data.postings) }),
    decode: (json) => ({ ...decodeHold(json), postings: decodePostings(json['postings']) }),
  },
  WalletHoldReleased: {
    version: 1,
    encode: (data) => ({ ...encodeHold(data), postings: encodePostings(data.postings) }),
    decode: (json) => ({ ...decodeHold(json), postings: decodePostings(json['postings']) }),
  },
  WalletHoldSpent: { version: 1, encode: encodeHold, decode: decodeHold },
  WalletPaymentBarred: {
    version: 1,
    encode: ({ walletId, paymentId }) => ({ walletId, paymentId }),
    decode: (json) => ({ walletId: walletIdOf(json), paymentId: json['paymentId'] as PaymentId }),
  },
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
