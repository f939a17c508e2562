import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { ContractId, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { CampaignId } from '../campaign/messages.js';

/** One use of a voucher as it was: the money has moved in the voucher's contract. Amounts are minor units. */
export interface Spending {
  /** Derived from tenant, account and idempotency key; also the claim's id in the contract. */
  readonly spendId: string;
  readonly tenant: TenantId;
  readonly voucherId: ContractId;
  readonly campaignId: CampaignId;
  /** The holder. */
  readonly account: string;
  /** The merchant. */
  readonly organisationId: OrganisationId;
  readonly asset: Asset;
  /** What the voucher paid. */
  readonly amount: bigint;
  /** Whole price of what was bought. */
  readonly spend: bigint;
  readonly spentAt: Instant;
}

export interface RecordSpending {
  readonly kind: 'record';
  readonly spending: Spending;
}

export type VoucherSpent = DomainEvent<'VoucherSpent', Spending>;

/** What is to be recorded is a fact: nothing to refuse. */
export type SpendingRefusal = Rejection<never>;
