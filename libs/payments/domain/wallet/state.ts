import type { PaymentId, TenantId, WalletId } from '#libs/kernel/ids/index.js';
import type { Asset } from '#libs/kernel/money/index.js';

export interface OpenWallet {
  readonly status: 'open';
  readonly walletId: WalletId;
  readonly tenant: TenantId;
  readonly owner: string;
  readonly label: string;
  readonly asset: Asset;
  /** Minor units, as `held`; neither is ever below zero. */
  readonly available: bigint;
  /** Sum of the holds. */
  readonly held: bigint;
  /** Open ones only: as many as the owner has payments under way. */
  readonly holds: readonly { readonly paymentId: PaymentId; readonly amount: bigint }[];
  /** For good: a top-up is made once. */
  readonly topUps: readonly { readonly topUpId: string; readonly amount: bigint }[];
  /** The last payments whose hold has ended; bounded by `ENDED_KEPT`. */
  readonly ended: readonly PaymentId[];
}

export type WalletState = { readonly status: 'absent' } | OpenWallet;

/**
 * How many ended payments a wallet remembers, to refuse a hold that arrives late. Commands live for seconds, so that only
 * the newest matter; a wallet that pays for years stays small.
 */
export const ENDED_KEPT = 256;

export function holdOf(wallet: OpenWallet, paymentId: PaymentId): bigint | undefined {
  return wallet.holds.find((hold) => hold.paymentId === paymentId)?.amount;
}
