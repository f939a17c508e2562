/** What other contexts and the gateway may see of onboarding. */
import { Command, Query } from '@nestjs/cqrs';
import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';

export interface OrganisationView {
  readonly id: OrganisationId;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly kind: 'school';
}

/** Role `bd` or `ops` of the tenant. Idempotent by `organisationId`. */
export class RegisterOrganisation extends Command<
  Outcome<OrganisationView, Rejection<'FORBIDDEN' | 'ORGANISATION_EXISTS'>>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly organisationId: OrganisationId;
      readonly nameZh: string;
      readonly nameEn: string;
      readonly kind: 'school';
    },
  ) {
    super();
  }
}

/** `undefined` when it does not exist or is not the caller's to see; payers may see any organisation of their tenant. */
export class OrganisationById extends Query<OrganisationView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: OrganisationId,
  ) {
    super();
  }
}

/** Role `bd` or `ops` of the tenant. What an organisation sells, from a day on that is not over. */
export class SetMerchantCategory extends Command<
  Outcome<
    OrganisationView & { readonly mcc: string; readonly from: LocalDate },
    Rejection<'FORBIDDEN' | 'ORGANISATION_NOT_FOUND'>
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly organisationId: OrganisationId;
      /** Four digits, ISO 18245. */
      readonly mcc: string;
      /** Default: today. */
      readonly from?: LocalDate;
    },
  ) {
    super();
  }
}

export interface Merchant {
  readonly organisationId: OrganisationId;
  /** Merchant category code in effect on the day; null: none was set. */
  readonly mcc: string | null;
}

/** Organisations as merchants, for other contexts in the same process; never behind the log. Bind with `MERCHANTS`. */
export interface Merchants {
  /** `undefined` for another tenant's as for none. @throws EventLogError */
  find(tenant: TenantId, organisationId: OrganisationId, on: LocalDate): Promise<Merchant | undefined>;
}

export const MERCHANTS = Symbol('MERCHANTS');
