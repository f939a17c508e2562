import { mayAct } from './authority.js';
import { heldBy, partyIn, unsignedIn } from './figures.js';
import type { ContractCommand, ContractRefusal } from './messages.js';
import { beginClosing, close } from './ending.js';
import { closedFor, refuse } from './refusals.js';
import { emit, type Scratch } from './scratch.js';

type Command<Kind extends ContractCommand['kind']> = Extract<ContractCommand, { kind: Kind }>;

/** Each signing role signs the very document; with the last signature the contract waits for its money. */
export function sign(
  scratch: Scratch,
  { role, signature, by }: Command<'sign'>,
): ContractRefusal | undefined {
  const { state } = scratch;
  const closed = closedFor(state);
  if (closed) return closed;
  if (by.role !== role || !state.terms.signers.includes(role) || !partyIn(state, role)) {
    return refuse('NOT_AUTHORISED', 'Nobody signs for another role, nor for one that does not sign.');
  }
  const unauthorised = mayAct(state, by, [role]);
  if (unauthorised) return unauthorised;
  if (signature.docHash !== state.docHash) {
    return refuse('WRONG_DOCUMENT', 'The signature is over another document than this contract.');
  }
  if (state.signed.includes(role)) return undefined;
  const complete = unsignedIn(state).length === 1;
  emit(scratch, 'ContractSigned', { role, signature, complete });
  return undefined;
}

/** A payment under way is waited for and refunded: the contract closes until then. */
export function withdrawDraft(
  scratch: Scratch,
  { by }: Command<'withdrawDraft'>,
): ContractRefusal | undefined {
  const { state } = scratch;
  const closed = closedFor(state);
  if (closed) return closed;
  const unauthorised = mayAct(state, by, [...state.terms.signers, state.terms.funding.from]);
  if (unauthorised) return unauthorised;
  const unfunded = state.status === 'drafted' || state.status === 'awaitingFunding';
  if (!unfunded || heldBy(state) > 0n) {
    return refuse('FUNDING_CLOSED', 'The contract has been funded; only its own rules end it.');
  }
  callOff(scratch, 'withdrawn');
  return undefined;
}

/** Before anything is in force: at once, or as soon as no payment is under way. */
export function callOff(scratch: Scratch, reason: 'withdrawn' | 'authority'): void {
  if (scratch.state.reserved.length === 0) close(scratch, reason);
  else beginClosing(scratch, reason);
}
