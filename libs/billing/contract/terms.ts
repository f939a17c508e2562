import { Command, Query } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { OrganisationId } from '#libs/kernel/ids/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { PaymentPolicy } from '../domain/bill/index.js';

export type { AllocationOrder, LateFeeRule, PaymentPolicy, RebateRule } from '../domain/bill/index.js';

/** Terms for bills issued from a day on. The terms that hold where nothing was set have neither day. */
export interface BillingTermsView {
  readonly effectiveFrom: LocalDate | null;
  readonly setAt: Instant | null;
  /** For bills issued today. */
  readonly inForce: boolean;
  readonly terms: PaymentPolicy;
}

export type SetBillingTermsRejection = Rejection<'FORBIDDEN' | 'INVALID_TERMS' | 'IDEMPOTENCY_CONFLICT'>;

/** Role `bursar` of the organisation. Bills issued before keep the terms they were issued under. */
export class SetBillingTerms extends Command<Outcome<BillingTermsView, SetBillingTermsRejection>> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly organisationId: OrganisationId;
      /** Today or later. */
      readonly effectiveFrom: LocalDate;
      readonly terms: PaymentPolicy;
    },
  ) {
    super();
  }
}

/** Every version, the newest day first. Staff of the organisation; nothing for others. */
export class BillingTermsOf extends Query<readonly BillingTermsView[]> {
  constructor(
    readonly context: RequestContext,
    readonly organisationId: OrganisationId,
  ) {
    super();
  }
}
