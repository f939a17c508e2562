import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';

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

/** A merchant category code of ISO 18245, from a day on. */
export interface MerchantCategory {
  readonly mcc: string;
  readonly from: LocalDate;
}

/** The same day again: the later word holds. */
export interface SetCategory extends MerchantCategory {
  readonly kind: 'setCategory';
  readonly tenant: TenantId;
  readonly at: Instant;
}

export type OrganisationCommand = RegisterOrganisation | SetCategory;

export type OrganisationRegistered = DomainEvent<
  'OrganisationRegistered',
  OrganisationContent & { readonly registeredAt: Instant }
>;

export type MerchantCategorySet = DomainEvent<
  'MerchantCategorySet',
  MerchantCategory & { readonly organisationId: OrganisationId; readonly setAt: Instant }
>;

export type OrganisationEvent = OrganisationRegistered | MerchantCategorySet;

export type OrganisationRefusal = Rejection<'ORGANISATION_EXISTS' | 'ORGANISATION_NOT_FOUND'>;
