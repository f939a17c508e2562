import { heldBy, owedBy } from './figures.js';
import type { ContractCommand, ContractRefusal } from './messages.js';
import { bringUpToDate } from './accrual.js';
import { beginClosing } from './ending.js';
import { giveBack } from './payouts.js';
import { closedFor, frozen, refuse } from './refusals.js';
import type { Scratch } from './scratch.js';
import { callOff } from './signing.js';

/** Winds the contract up: what nobody is owed goes back to who funded it. Notice, disputes and payments under way go on. */
export function closeByAuthority(
  scratch: Scratch,
  { by }: Extract<ContractCommand, { kind: 'closeByAuthority' }>,
): ContractRefusal | undefined {
  const { state } = scratch;
  const closed = closedFor(state);
  if (closed) return closed;
  if (by.role !== 'system') return refuse('NOT_AUTHORISED', 'Only an approved override closes a contract.');
  if (state.status === 'frozen') return frozen();
  if (state.status === 'closing') return undefined;
  if (state.status !== 'active') {
    giveBack(scratch, heldBy(state), state.terms.funding.from, 'authority');
    callOff(scratch, 'authority');
    return undefined;
  }
  bringUpToDate(scratch);
  if (scratch.state.status !== 'active') return undefined;
  giveBack(scratch, heldBy(scratch.state) - owedBy(scratch.state), state.terms.funding.from, 'authority');
  beginClosing(scratch, 'authority');
  return undefined;
}
