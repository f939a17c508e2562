import type { TenantId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { OperationId, OperationKind } from '../../port/index.js';

/** An operation as the books have it. */
export interface Operation {
  readonly tenant: TenantId;
  readonly operationId: OperationId;
  readonly kind: OperationKind;
  readonly amount: Money;
  readonly ofOperation?: OperationId;
  readonly purpose: string;
  readonly expiresAt: Instant;
}
