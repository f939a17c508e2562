import type { ImportId, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { Requester } from '../domain/roster-import/index.js';

/** Where a bursar may act; `undefined` for everybody else. */
export function bursarOf({
  caller,
}: RequestContext): { readonly tenant: TenantId; readonly organisationId: OrganisationId } | undefined {
  if (!caller.roles.includes('bursar') || caller.organisation === undefined) return undefined;
  return { tenant: caller.tenant, organisationId: caller.organisation };
}

export function isBursarOf(
  { caller }: RequestContext,
  place: { readonly tenant: TenantId; readonly organisationId: OrganisationId },
): boolean {
  return (
    caller.roles.includes('bursar') &&
    caller.tenant === place.tenant &&
    caller.organisation === place.organisationId
  );
}

/** A job acts in the name of the bursar who asked for it, also after a restart, and is traced by the import's id. */
export function jobContext(
  job: { readonly importId: ImportId; readonly tenant: TenantId; readonly organisationId: OrganisationId },
  requester: Requester,
): RequestContext {
  const { accountId, personId } = requester;
  const caller = {
    accountId,
    personId,
    tenant: job.tenant,
    organisation: job.organisationId,
    roles: ['bursar' as const],
  };
  return { caller, correlationId: job.importId };
}
