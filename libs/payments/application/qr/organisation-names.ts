import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import { OrganisationById, type OrganisationView } from '#libs/onboarding/contract/index.js';

const READER = 'system:payment-codes';

/** What organisations are called on codes and links. */
@Injectable()
export class OrganisationNames {
  constructor(readonly queries: QueryBus) {}

  of(
    tenant: TenantId,
    organisationId: OrganisationId,
    correlationId: string,
  ): Promise<OrganisationView | undefined> {
    // Who pays must know whom: a payer may read the name of any organisation of the tenant.
    const caller = { accountId: READER, personId: READER, tenant, roles: ['payer'] as const };
    return this.queries.execute(new OrganisationById({ caller, correlationId }, organisationId));
  }
}
