import { partyIn } from './figures.js';
import type { ContractActor, ContractRefusal } from './messages.js';
import { refuse } from './refusals.js';
import type { Contract } from './state.js';
import type { Role } from '../terms/types.js';

/** Whoever acts must act in one of the roles and be that role's party; a role that nobody fills is open to anybody. */
export function mayAct(
  state: Contract,
  by: ContractActor,
  roles: readonly Role[],
): ContractRefusal | undefined {
  if (roles.includes(by.role)) {
    const party = partyIn(state, by.role);
    if (party ? party.partyId === by.partyId : state.terms.roles.includes(by.role)) return undefined;
  }
  return refuse('NOT_AUTHORISED', 'This is for another party of the contract to do.');
}
