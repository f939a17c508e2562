import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

export interface OrganisationContent {
  readonly organisationId: OrganisationId;
  readonly tenant: TenantId;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly kind: 'school';
}

export interface RegisterOrganisation {
  readonly kind: 'register';
  readonly organisation: OrganisationContent;
  readonly at: Instant;
}

export type OrganisationRegistered = DomainEvent<
  'OrganisationRegistered',
  OrganisationContent & { readonly registeredAt: Instant }
>;

export type OrganisationEvent = OrganisationRegistered;

export type OrganisationRefusal = Rejection<'ORGANISATION_EXISTS'>;
