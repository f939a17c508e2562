import { asId, type OrganisationId } from '#libs/kernel/ids/index.js';
import { DEMO_TENANT, demoUser } from '#libs/security/adapters/demo/demo-directory.js';
import type { Caller, RequestContext } from '#libs/security/port/index.js';

/** Who pays over HTTP: the load generator's token is theirs. */
export const PAYER = 'payer';

/** The benchmark's organisations have no demo users: nobody but the benchmark acts for them. */
export function organisationAt(index: number): OrganisationId {
  return asId<'organisation'>(`bench-${index}`);
}

export function bursarOf(organisation: OrganisationId): RequestContext {
  return contextOf({
    accountId: `bench-bursar-${organisation}`,
    personId: `bench-bursar-${organisation}`,
    tenant: DEMO_TENANT,
    organisation,
    roles: ['bursar'],
  });
}

export function payer(): RequestContext {
  const user = demoUser(PAYER);
  if (!user) throw new Error('The demo directory has no payer.');
  const { accountId, personId, tenant, roles } = user;
  return contextOf({ accountId, personId, tenant, roles });
}

/** Over every school whose contracts the benchmark prepares. */
export const AUTHORITY: OrganisationId = asId<'organisation'>('bench-bureau');

/** Officers of the authority; different names are different people. */
export function inspectorAt(name: string): RequestContext {
  const accountId = `bench-inspector-${name}`;
  const caller = { accountId, personId: accountId, tenant: DEMO_TENANT, organisation: AUTHORITY };
  return contextOf({ ...caller, roles: ['supervisor'] });
}

export function businessDevelopment(): RequestContext {
  return contextOf({ accountId: 'bench-bd', personId: 'bench-bd', tenant: DEMO_TENANT, roles: ['bd'] });
}

/** Somebody who pays and whom no directory knows. */
export function payerAt(name: string): RequestContext {
  const accountId = `bench-payer-${name}`;
  return contextOf({ accountId, personId: accountId, tenant: DEMO_TENANT, roles: ['payer'] });
}

function contextOf(caller: Caller): RequestContext {
  return { caller, correlationId: 'bench' };
}
