/** What other contexts and the gateway may see of onboarding. */
import { Command, Query } from '@nestjs/cqrs';
import type { OrganisationId } from '#libs/kernel/ids/index.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
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
