import { asId } from '#libs/kernel/ids/index.js';
import { mayReadOrganisation, type Caller } from '#libs/security/port/index.js';
import type { ContractSummary } from '../contract/release-contracts.js';

/** In whose list a caller looks: the whole tenant's, an organisation's, or the own account's. */
export interface Reader {
  readonly kind: 'tenant' | 'account' | 'organisation';
  readonly partyId: string;
}

export function readerOf(caller: Caller): Reader {
  const { organisation, accountId, tenant } = caller;
  // Who may read every organisation of the tenant may read this one, whatever it is called.
  if (organisation === undefined) {
    const all = mayReadOrganisation(caller, asId<'organisation'>('*'));
    return all ? { kind: 'tenant', partyId: tenant } : { kind: 'account', partyId: accountId };
  }
  if (mayReadOrganisation(caller, organisation)) return { kind: 'organisation', partyId: organisation };
  return { kind: 'account', partyId: accountId };
}

/** The same rule for one contract. */
export function isVisible(contract: ContractSummary, caller: Caller): boolean {
  if (contract.tenant !== caller.tenant) return false;
  const reader = readerOf(caller);
  if (reader.kind === 'tenant') return true;
  if (reader.kind === 'organisation' && contract.organisationId === reader.partyId) return true;
  return contract.parties.some(({ kind, partyId }) => kind === reader.kind && partyId === reader.partyId);
}
