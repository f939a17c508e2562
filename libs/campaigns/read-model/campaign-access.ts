import type { Kysely } from 'kysely';
import { hasRole, mayReadOrganisation, type Caller, type Role } from '#libs/security/port/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import type { CampaignRow, CampaignTables } from './tables.js';

/** Beside those who may read any organisation: who draws campaigns up for them. */
const TENANT_ROLES: readonly Role[] = ['bd', 'clerk', 'supervisor', 'ops', 'auditor'];

/** Whether the caller sees what only those who run a campaign and who pays for it see. */
export function seesInside(caller: Caller, row: Pick<CampaignRow, 'organisation_id' | 'sponsor'>): boolean {
  if (row.sponsor === caller.accountId) return true;
  if (caller.organisation === undefined && caller.roles.includes('bd')) return true;
  return mayReadOrganisation(caller, asId<'organisation'>(row.organisation_id));
}

/**
 * Staff: campaigns of their organisation, staff of the tenant all. Payers: every campaign of the tenant that somebody pays for,
 * and those they have been asked to pay for.
 */
export function visibleCampaigns(database: Kysely<CampaignTables>, caller: Caller) {
  const rows = database.selectFrom('campaign').selectAll().where('campaign.tenant', '=', caller.tenant);
  const { organisation, accountId } = caller;
  if (organisation === undefined && hasRole(caller, TENANT_ROLES)) return rows;
  return rows.where((row) =>
    row.or([
      ...(organisation !== undefined && mayReadOrganisation(caller, organisation)
        ? [row('campaign.organisation_id', '=', organisation)]
        : []),
      ...(caller.roles.includes('payer')
        ? [row('campaign.status', '!=', 'drafted'), row('campaign.sponsor', '=', accountId)]
        : []),
    ]),
  );
}
