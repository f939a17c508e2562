import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { PaymentPolicy } from '../bill/index.js';

export interface SetBillingTerms {
  readonly kind: 'set';
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  /** The first day whose bills get the terms; never before today. */
  readonly effectiveFrom: LocalDate;
  readonly terms: PaymentPolicy;
  /** Derived from the caller's idempotency key. */
  readonly requestId: string;
  readonly today: LocalDate;
  readonly at: Instant;
}

/** Bills issued from that day on copy the terms; those issued before keep theirs. */
export type BillingTermsSet = DomainEvent<
  'BillingTermsSet',
  {
    readonly tenant: TenantId;
    readonly organisationId: OrganisationId;
    readonly effectiveFrom: LocalDate;
    readonly terms: PaymentPolicy;
    readonly requestId: string;
    readonly setAt: Instant;
  }
>;

export type BillingTermsEvent = BillingTermsSet;

export type BillingTermsRefusal = Rejection<'FORBIDDEN' | 'INVALID_TERMS' | 'IDEMPOTENCY_CONFLICT'>;
