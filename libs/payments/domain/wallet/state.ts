import type { OrganisationId, PaymentId, TenantId, WalletId } from '#libs/kernel/ids/index.js';
import type { Asset } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { IdTrie } from '../receipt-book/id-trie.js';
import type { WalletTier } from './limits.js';
import type { SubWalletId } from './messages.js';

/** Small and cheap to copy, however many payments and credits the wallet has seen. */
export interface OpenWallet {
  readonly status: 'open';
  readonly walletId: WalletId;
  readonly tenant: TenantId;
  readonly owner: string;
  readonly label: string;
  readonly asset: Asset;
  readonly tier: WalletTier;
  /** Operating institution that keeps it; absent for wallets of demo money. */
  readonly institutionId?: string;
  /** Takes money in, lets none out. */
  readonly frozen: boolean;
  /** Minor units, as `held`; neither is ever below zero. */
  readonly available: bigint;
  /** Sum of the holds. */
  readonly held: bigint;
  /** Open ones only: as many as the owner has payments under way. */
  readonly holds: readonly Hold[];
  /** Amount by id of the top-up or credit, for good: each is made once. */
  readonly received: IdTrie<bigint>;
  /** The last payments whose hold has ended; bounded by `ENDED_KEPT`. */
  readonly ended: readonly PaymentId[];
  readonly spent: Spent;
  /** Open ones only; bounded by `MOST_SUB_WALLETS`. */
  readonly subWallets: readonly SubWallet[];
  /** For good: what was closed is never opened again. */
  readonly closedSubWallets: IdTrie<true>;
}

export type WalletState = { readonly status: 'absent' } | OpenWallet;

export interface Hold {
  readonly paymentId: PaymentId;
  readonly amount: bigint;
  /** The day it counts for; absent when it was placed without limits. */
  readonly businessDate?: LocalDate;
  readonly subWalletId?: SubWalletId;
}

/** Holds and payments of the newest business day seen, and of its year; minor units. */
export interface Spent {
  readonly on: LocalDate;
  readonly day: bigint;
  readonly year: bigint;
}

export interface SubWallet {
  readonly subWalletId: SubWalletId;
  /** What the organisation sees instead of a person. */
  readonly token: string;
  readonly organisationId: OrganisationId;
  readonly scene?: string;
  readonly pushedAt: Instant;
  /** Minor units. */
  readonly single: bigint;
  readonly day: bigint;
  /** Counted on `on`. */
  readonly used: bigint;
  readonly on: LocalDate;
}

/**
 * How many ended payments a wallet remembers, to refuse a hold that arrives late. Commands live for seconds, so that only
 * the newest matter; a wallet that pays for years stays small.
 */
export const ENDED_KEPT = 256;

/** Open at the same time. */
export const MOST_SUB_WALLETS = 50;

/** Before every business day. */
export const NO_DAY = '' as LocalDate;

export function findHold(wallet: OpenWallet, paymentId: PaymentId): Hold | undefined {
  return wallet.holds.find((hold) => hold.paymentId === paymentId);
}

/** Counted for the day, and for the year it is in. A day that the wallet has left behind never comes back. */
export function spentOn(spent: Spent, day: LocalDate): { readonly day: bigint; readonly year: bigint } {
  return {
    day: spent.on === day ? spent.day : 0n,
    year: spent.on.slice(0, 4) === day.slice(0, 4) ? spent.year : 0n,
  };
}

export function usedOn(subWallet: SubWallet, day: LocalDate): bigint {
  return subWallet.on === day ? subWallet.used : 0n;
}

/**
 * The business day a hold counts for. Processes see midnight at slightly different moments; the newest day seen wins, so that
 * a day that was left behind is never added to.
 */
export function countingDay(wallet: OpenWallet, businessDate: LocalDate): LocalDate {
  return businessDate > wallet.spent.on ? businessDate : wallet.spent.on;
}
