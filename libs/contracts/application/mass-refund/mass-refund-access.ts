import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import { mayReadOrganisation, type Caller } from '#libs/security/port/index.js';

/** For staff of the tenant, of the authority that asked, and of the organisation that is wound up. */
export function mayReadMassRefund(
  caller: Caller,
  refund: {
    readonly tenant: TenantId;
    readonly organisationId: OrganisationId;
    readonly authorityId: OrganisationId | null;
  },
): boolean {
  if (caller.tenant !== refund.tenant) return false;
  if (mayReadOrganisation(caller, refund.organisationId)) return true;
  return refund.authorityId !== null && mayReadOrganisation(caller, refund.authorityId);
}
