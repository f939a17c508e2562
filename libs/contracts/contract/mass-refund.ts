/** Mass refund: an institution has failed, and every live contract of it is wound up. */
import { Command, Query } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { OrganisationId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { Page, PageRequest } from '#libs/views/port/index.js';
import type { MassRefundId } from '../domain/mass-refund/index.js';

export type { MassRefundId } from '../domain/mass-refund/index.js';

/** REQUESTED: waits for a second person. */
export type MassRefundStatus = 'REQUESTED' | 'DECLINED' | 'RUNNING' | 'COMPLETED';

export interface MassRefundView {
  readonly id: MassRefundId;
  readonly organisationId: OrganisationId;
  readonly authorityId: OrganisationId | null;
  readonly status: MassRefundStatus;
  readonly reason: string;
  readonly approvalId: string;
  readonly requestedAt: Instant;
  /** Live contracts when it was asked for. */
  readonly contracts: number;
  /** Contracts walked past so far. */
  readonly processed: number;
  /** Such as could not be wound up, because a dispute holds everything. */
  readonly left: number;
  /** By asset; heldBefore = refunded + released + owed. */
  readonly sums: readonly {
    readonly heldBefore: Money;
    readonly refunded: Money;
    readonly released: Money;
    readonly owed: Money;
  }[];
}

/**
 * An institution has failed: every live contract of it gives back what nobody has earned. Asked for by a supervisor of an
 * authority, for contracts that it is a party of, or by operations of the tenant for all; carried out once a second person has agreed
 * (`releaseOverride`). A Job that survives restarts.
 */
export class CloseInstitution extends Command<
  Outcome<MassRefundView, Rejection<'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT' | 'NOTHING_TO_REFUND'>>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly organisationId: OrganisationId;
      /** 1 to 500 characters. */
      readonly reason: string;
    },
  ) {
    super();
  }
}

/** `undefined` when it does not exist or is not the caller's to see. */
export class MassRefundById extends Query<MassRefundView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: MassRefundId,
  ) {
    super();
  }
}

/** Newest first: of the tenant for its staff, of an authority or a school for theirs. */
export class MassRefundsOf extends Query<Page<MassRefundView>> {
  constructor(
    readonly context: RequestContext,
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** One row per contract as a workbook. `undefined`: not the caller's to see, or nothing done yet. */
export class MassRefundReport extends Query<
  { readonly fileName: string; readonly content: Uint8Array } | undefined
> {
  constructor(
    readonly context: RequestContext,
    readonly id: MassRefundId,
    readonly language: 'zh-CN' | 'en-US',
  ) {
    super();
  }
}
