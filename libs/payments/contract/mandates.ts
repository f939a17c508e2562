/** Mandates: a payer lets an organisation's bills be paid by a sub-wallet, month by month. */
import { Command, Query } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { BillId, OrganisationId, PaymentId, WalletId } from '#libs/kernel/ids/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { Page, PageRequest } from '#libs/views/port/index.js';
import type { MandateId } from '../domain/mandate/index.js';

export type { MandateId };

/** `ENDED`: its last day has passed. `ATTENTION`: the last month's tries all failed; it goes on next month. */
export type MandateStatus = 'ACTIVE' | 'ATTENTION' | 'REVOKED' | 'ENDED';

export interface MandateView {
  readonly id: MandateId;
  readonly status: MandateStatus;
  readonly organisationId: OrganisationId;
  readonly payerNumber: string;
  readonly walletId: WalletId;
  readonly subWalletId: string;
  readonly dayOfMonth: number;
  readonly from: LocalDate;
  readonly until?: LocalDate;
  readonly nextRunOn?: LocalDate;
  readonly givenAt: Instant;
  /** Newest first; at most 24. */
  readonly runs: readonly MandateRunView[];
}

export interface MandateRunView {
  readonly due: LocalDate;
  /** 0 is the month's first, higher ones are retries. */
  readonly attempt: number;
  readonly ranAt: Instant;
  readonly results: readonly {
    readonly billId: BillId;
    readonly paymentId?: PaymentId;
    /** The rejection, when it was not paid. */
    readonly code?: string;
  }[];
}

export type GiveMandateRejectionCode =
  'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT' | 'WALLET_NOT_FOUND' | 'SUB_WALLET_NOT_FOUND' | 'PAYER_NOT_FOUND';

/**
 * Role `payer`. The sub-wallet was pushed to an organisation; its bills for the payer number are paid on a day of every month.
 * Number and full name must both match a bill of the organisation, as in `BillsToPay`.
 */
export class GiveMandate extends Command<Outcome<MandateView, Rejection<GiveMandateRejectionCode>>> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly walletId: WalletId;
      readonly subWalletId: string;
      readonly payerNumber: string;
      readonly payerName: string;
      /** 1 to 28. */
      readonly dayOfMonth: number;
      /** Default: today. */
      readonly from?: LocalDate;
      readonly until?: LocalDate;
    },
  ) {
    super();
  }
}

/** Role `payer`: whose wallet it is. Payments that were made stay made. */
export class RevokeMandate extends Command<
  Outcome<MandateView, Rejection<'FORBIDDEN' | 'MANDATE_NOT_FOUND'>>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: { readonly idempotencyKey: string; readonly mandateId: MandateId },
  ) {
    super();
  }
}

/** The caller's own; for staff of an organisation those given to it, without wallet and account. Newest first. */
export class MandatesOf extends Query<Page<MandateView>> {
  constructor(
    readonly context: RequestContext,
    readonly page: PageRequest,
  ) {
    super();
  }
}

export class MandateById extends Query<MandateView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: MandateId,
  ) {
    super();
  }
}
