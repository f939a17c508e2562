import { type Caller, hasRole, type Role as AccountRole } from '#libs/security/port/index.js';
import type { ContractSummary } from '../../contract/release-contracts.js';

/** Who acts in an organisation's name; at an authority these are its supervisors and officers. */
const FOR_AN_ORGANISATION: readonly AccountRole[] = ['bursar', 'supervisor', 'taxofficer'];
/** Everybody who can be a party or act for one. */
const ACTING: readonly AccountRole[] = ['payer', ...FOR_AN_ORGANISATION];

export function mayActAtAll(caller: Caller): boolean {
  return hasRole(caller, ACTING);
}

/** Roles of the contract that the caller fills. Nobody acts in a role that is open. */
export function rolesOf(caller: Caller, { parties }: Pick<ContractSummary, 'parties'>): readonly string[] {
  return parties
    .filter(({ kind, partyId }) =>
      kind === 'account'
        ? partyId === caller.accountId && caller.roles.includes('payer')
        : partyId === caller.organisation && hasRole(caller, FOR_AN_ORGANISATION),
    )
    .map(({ role }) => role);
}

/** Whether the caller is a party, or works in whatever capacity for an organisation that is one or in whose name it is. */
export function belongsTo(
  caller: Caller,
  { parties, organisationId }: Pick<ContractSummary, 'parties' | 'organisationId'>,
): boolean {
  if (caller.organisation !== undefined && caller.organisation === organisationId) return true;
  return parties.some(
    ({ kind, partyId }) => partyId === (kind === 'account' ? caller.accountId : caller.organisation),
  );
}
