import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { BillId, OrganisationId, PaymentLinkId, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

/** A link by which anybody who has it may see and pay these bills. */
export interface IssuedPaymentLink {
  readonly linkId: PaymentLinkId;
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  readonly bills: readonly BillId[];
  /** The link's code is made of this and the tenant's key: who reads the log alone cannot open the link. */
  readonly seed: string;
  readonly inputHash: string;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
}

export type PaymentLinkCommand =
  | ({ readonly kind: 'issue' } & IssuedPaymentLink)
  | { readonly kind: 'withdraw'; readonly tenant: TenantId; readonly reason: string; readonly at: Instant };

export type PaymentLinkIssued = DomainEvent<'PaymentLinkIssued', IssuedPaymentLink>;

export type PaymentLinkWithdrawn = DomainEvent<
  'PaymentLinkWithdrawn',
  { readonly linkId: PaymentLinkId; readonly reason: string; readonly withdrawnAt: Instant }
>;

export type PaymentLinkEvent = PaymentLinkIssued | PaymentLinkWithdrawn;

export type PaymentLinkRefusal = Rejection<'IDEMPOTENCY_CONFLICT' | 'PAYMENT_LINK_NOT_FOUND'>;

export type KnownPaymentLink = { readonly status: 'open' | 'withdrawn' } & IssuedPaymentLink;

export type PaymentLinkState = { readonly status: 'absent' } | KnownPaymentLink;
