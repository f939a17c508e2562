/** Vouchers and red packets that have been won, and where they are spent. */
import { Command, Query } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { ContractId, OrganisationId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { Page, PageRequest } from '#libs/views/port/index.js';
import type { CampaignId, CampaignKind } from '../domain/campaign/index.js';
import type { SpendingView } from './campaigns.js';

/** `PENDING`: its money is on the way. `FROZEN`: a dispute is open. `EXPIRED`: what was left went back to the sponsor. */
export type VoucherStatus = 'PENDING' | 'ACTIVE' | 'FROZEN' | 'SPENT' | 'EXPIRED';

export interface VoucherView {
  /** The release contract that holds its money. */
  readonly id: ContractId;
  readonly campaignId: CampaignId;
  readonly campaignName: string;
  readonly kind: CampaignKind;
  readonly status: VoucherStatus;
  readonly faceValue: Money;
  readonly balance: Money;
  readonly spent: Money;
  readonly spending: SpendingView;
  readonly expiresAt: Instant;
}

/** One use of a voucher. */
export interface VoucherSpendView {
  readonly id: string;
  readonly voucherId: ContractId;
  readonly organisationId: OrganisationId;
  /** What the voucher paid. */
  readonly amount: Money;
  /** Whole price of what was bought. */
  readonly spend: Money;
}

/** What a merchant sees of it: not whose it was. */
export interface TakenVoucherView extends VoucherSpendView {
  readonly campaignId: CampaignId;
  readonly campaignName: string;
  readonly takenAt: Instant;
}

/**
 * Role `payer`: the holder pays at a merchant, wholly or in part; the money is the merchant's at once. Nobody spends a voucher
 * where they work.
 */
export class SpendVoucher extends Command<
  Outcome<
    { readonly spend: VoucherSpendView; readonly voucher: VoucherView },
    Rejection<
      | 'FORBIDDEN'
      | 'IDEMPOTENCY_CONFLICT'
      | 'INVALID_AMOUNT'
      | 'VOUCHER_NOT_FOUND'
      | 'VOUCHER_NOT_READY'
      | 'VOUCHER_EXPIRED'
      | 'CONTRACT_FROZEN'
      | 'ORGANISATION_NOT_FOUND'
      | 'MERCHANT_NOT_ALLOWED'
      | 'OWN_MERCHANT'
      | 'BELOW_MIN_SPEND'
      | 'EXCEEDS_CAP'
    >
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly voucherId: ContractId;
      /** The merchant. */
      readonly organisationId: OrganisationId;
      readonly amount: Money;
      /** Default: the amount. */
      readonly spend?: Money;
    },
  ) {
    super();
  }
}

/** The caller's own, newest first. */
export class MyVouchers extends Query<Page<VoucherView>> {
  constructor(
    readonly context: RequestContext,
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** `undefined` for somebody else's as for none. */
export class VoucherById extends Query<VoucherView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: ContractId,
  ) {
    super();
  }
}

/** Vouchers that were spent at an organisation, newest first; for its staff and staff of the tenant. */
export class VouchersTaken extends Query<Page<TakenVoucherView>> {
  constructor(
    readonly context: RequestContext,
    readonly organisationId: OrganisationId,
    readonly page: PageRequest,
  ) {
    super();
  }
}
