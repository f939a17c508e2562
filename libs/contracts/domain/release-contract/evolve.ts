import { apply } from './apply.js';
import { heldBy, totalsOf } from './figures.js';
import { impossible } from './impossible.js';
import type { ContractEvent } from './messages.js';
import type { ContractState, EndedContract, LiveContract } from './state.js';

/** Folds one event; what it says of the contract after it must be what it makes of it. */
export function evolve(state: ContractState, event: ContractEvent): ContractState {
  const next = apply(state, event);
  const { totals, status } = event.data;
  const { funded, released, refunded, held, frozen } = totalsOf(next);
  if (
    status !== next.status ||
    totals.funded !== funded ||
    totals.released !== released ||
    totals.refunded !== refunded ||
    totals.held !== held ||
    totals.frozen !== frozen
  ) {
    throw impossible(event.type, 'with figures that do not follow');
  }
  if (heldBy(next) < 0n) throw impossible(event.type, 'with more paid out than was paid in');
  return next as LiveContract | EndedContract;
}
