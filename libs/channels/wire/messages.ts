import type { StoredMoney } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { ChannelNotice, OperationId, OperationKind } from '../port/index.js';

/** Body of POST /operations. The tenant is the signing key's. */
export interface WireOperation {
  readonly operationId: OperationId;
  readonly kind: OperationKind;
  readonly amount: StoredMoney;
  readonly account?: string;
  readonly ofOperation?: OperationId;
  readonly purpose: string;
  readonly expiresAt: Instant;
}

/** Body of POST /channels/operator/notices. */
export interface WireNotice extends Omit<ChannelNotice, 'tenant' | 'amount'> {
  readonly amount: StoredMoney;
}

/** Body of POST /sandbox/credits. */
export interface WireCredit {
  readonly remittanceCode: string;
  readonly amount: StoredMoney;
}
