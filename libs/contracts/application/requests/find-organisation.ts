import type { QueryBus } from '@nestjs/cqrs';
import type { OrganisationId } from '#libs/kernel/ids/index.js';
import { OrganisationById, type OrganisationView } from '#libs/onboarding/contract/index.js';
import type { RequestContext } from '#libs/security/port/index.js';

const REGISTRAR = 'system:contracts';

/** In the bank's name: that an institution exists is no secret within its bank, and a party may name any. */
export function findOrganisation(
  queries: Pick<QueryBus, 'execute'>,
  { caller: { tenant }, correlationId }: RequestContext,
  id: OrganisationId,
): Promise<OrganisationView | undefined> {
  const caller = { accountId: REGISTRAR, personId: REGISTRAR, tenant, roles: [] };
  return queries.execute(new OrganisationById({ caller, correlationId }, id));
}
