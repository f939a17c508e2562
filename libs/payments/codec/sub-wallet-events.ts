import { decodeMoney, encodeMoney } from '#libs/event-log/codec/money.js';
import type { EventSet } from '#libs/event-log/codec/types.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import type { OrganisationId, SubjectId, WalletId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type {
  SubWalletClosed,
  SubWalletId,
  SubWalletPushed,
  SubWalletRelimited,
  WalletIdentity,
} from '../domain/wallet/index.js';

type SubWalletEvent = SubWalletPushed | SubWalletRelimited | SubWalletClosed;

/** The part of a wallet's events that is about its sub-wallets. */
export const subWalletEvents: EventSet<SubWalletEvent>['types'] = {
  SubWalletPushed: {
    version: 1,
    encode: ({ walletId, subWalletId, token, organisationId, scene, single, day, pushedAt }) => ({
      walletId,
      subWalletId,
      token,
      organisationId,
      ...(scene !== undefined && { scene }),
      single: encodeMoney(single),
      day: encodeMoney(day),
      pushedAt,
    }),
    decode: (json) => ({
      ...idsOf(json),
      token: json['token'] as string,
      organisationId: json['organisationId'] as OrganisationId,
      ...(json['scene'] !== undefined && { scene: json['scene'] as string }),
      single: decodeMoney(json['single']),
      day: decodeMoney(json['day']),
      pushedAt: json['pushedAt'] as Instant,
    }),
  },
  SubWalletRelimited: {
    version: 1,
    encode: ({ walletId, subWalletId, single, day }) => ({
      walletId,
      subWalletId,
      single: encodeMoney(single),
      day: encodeMoney(day),
    }),
    decode: (json) => ({
      ...idsOf(json),
      single: decodeMoney(json['single']),
      day: decodeMoney(json['day']),
    }),
  },
  SubWalletClosed: {
    version: 1,
    encode: ({ walletId, subWalletId }) => ({ walletId, subWalletId }),
    decode: idsOf,
  },
};

/** Personal data reads as `null` once erased. */
export function identityOf(json: JsonObject): WalletIdentity {
  return {
    subjectId: json['subjectId'] as SubjectId,
    name: json['name'] as string | null,
    number: json['number'] as string | null,
    ...(json['bankAccount'] !== undefined && { bankAccount: json['bankAccount'] as string | null }),
    ...(json['counterReference'] !== undefined && { counterReference: json['counterReference'] as string }),
  };
}

function idsOf(json: JsonObject): { readonly walletId: WalletId; readonly subWalletId: SubWalletId } {
  return { walletId: json['walletId'] as WalletId, subWalletId: json['subWalletId'] as SubWalletId };
}
