import type { OrganisationId } from '#libs/kernel/ids/index.js';
import type { Caller, Role } from './caller.js';

/** Who may look at an organisation's figures when they work for it. */
const STAFF: readonly Role[] = ['bursar', 'clerk', 'supervisor', 'taxofficer', 'ops', 'auditor'];
/** Who may look at every organisation of the tenant when they are bound to none. */
const TENANT_STAFF: readonly Role[] = ['clerk', 'supervisor', 'ops', 'auditor'];

export function hasRole(caller: Caller, roles: readonly Role[]): boolean {
  return caller.roles.some((role) => roles.includes(role));
}

/** Whether the caller acts in this role for this organisation, and for no other. */
export function actsFor(caller: Caller, organisationId: OrganisationId, role: Role): boolean {
  return caller.organisation === organisationId && caller.roles.includes(role);
}

/**
 * Whether the caller may read what belongs to the organisation. The organisation's tenant must be compared beside it: ids
 * of another tenant's organisations look like any other.
 */
export function mayReadOrganisation(caller: Caller, organisationId: OrganisationId): boolean {
  if (caller.organisation === undefined) return hasRole(caller, TENANT_STAFF);
  return caller.organisation === organisationId && hasRole(caller, STAFF);
}
