import type { TenantId, TransferId, WalletId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { BankAct, TransferFailure, TransferKind } from './messages.js';

/**
 * `offered` → `requested` → [`sought` …] → `taken` → `completed` → [`returned` → `givenBack`];
 * `requested` | `sought` → `refused` → `failed`; `taken` → `undeliverable` → `failed`; `failed` → `late` → `failed`.
 */
export type TransferStatus =
  | 'offered'
  | 'requested'
  | 'sought'
  | 'taken'
  | 'undeliverable'
  | 'late'
  | 'refused'
  | 'failed'
  | 'completed'
  | 'returned'
  | 'givenBack';

export interface KnownTransfer {
  readonly status: TransferStatus;
  readonly transferId: TransferId;
  readonly tenant: TenantId;
  readonly kind: TransferKind;
  /** Who asked for it. */
  readonly account: string;
  readonly inputHash: string;
  readonly amount: Money;
  readonly from?: { readonly owner: string; readonly walletId: WalletId };
  readonly to?: { readonly owner: string; readonly walletId: WalletId };
  readonly bankAccount?: string;
  /** Offers alone: until when they can be confirmed. */
  readonly offeredUntil?: Instant;
  readonly requestedAt: Instant;
  /** The last thing that the institution was asked. */
  readonly sought?: { readonly act: BankAct; readonly operationId: string; readonly expiresAt: Instant };
  /** Set while the institution's answer to it is missing. */
  readonly unknownSince?: Instant;
  readonly reference?: string;
  readonly failure?: TransferFailure;
  /** The institution had refused the payout and paid all the same. */
  readonly paidAfterAll?: true;
}

export type TransferState = { readonly status: 'absent' } | KnownTransfer;

/** Names the operation to the institution, the same on every retry, and its notice's addressee to us. */
export function transferOperationId(transferId: TransferId, act: BankAct): string {
  return act === 'refund' ? `transferReturn-${transferId}` : `transfer-${transferId}`;
}
