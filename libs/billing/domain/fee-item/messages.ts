import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { FeeItemId, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';

export interface FeeItemContent {
  readonly feeItemId: FeeItemId;
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  /** Unique within the organisation: the fee item's id derives from it. */
  readonly code: string;
  readonly name: string;
  readonly category: string;
  readonly glCode: string;
  /** 1 is paid first. */
  readonly priority: number;
  /** Derived from the caller's idempotency key. */
  readonly requestId: string;
}

export interface DefineFeeItem extends FeeItemContent {
  readonly kind: 'define';
}

export type FeeItemDefined = DomainEvent<'FeeItemDefined', FeeItemContent>;

export type FeeItemEvent = FeeItemDefined;

export type FeeItemRefusal = Rejection<'FEE_ITEM_CODE_TAKEN' | 'IDEMPOTENCY_CONFLICT' | 'INVALID_FEE_ITEM'>;
