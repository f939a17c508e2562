import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { PayerCodeId, TenantId, WalletId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

/** What a terminal gets from a payer's one-time code; nothing of it is in the digits themselves. */
export interface PayerCode {
  readonly codeId: PayerCodeId;
  readonly tenant: TenantId;
  readonly walletId: WalletId;
  readonly subWalletId: string | null;
  /** Account id of the wallet's owner, who showed the code and by it agreed to be charged. */
  readonly owner: string;
  /** The most that may be charged. */
  readonly limit: Money;
  readonly shownAt: Instant;
  readonly expiresAt: Instant;
}

export type ShowPayerCode = { readonly kind: 'show' } & PayerCode;

export type PayerCodeShown = DomainEvent<'PayerCodeShown', PayerCode>;

/** Another code had these digits before. */
export type PayerCodeRefusal = Rejection<'PAYER_CODE_TAKEN'>;

export type PayerCodeState = { readonly status: 'absent' } | ({ readonly status: 'shown' } & PayerCode);
