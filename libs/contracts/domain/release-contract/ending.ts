import { fundable, givesAllBack, heldBy, nextToWaive, owedBy, owedOf, ruleIndexOf } from './figures.js';
import type { ContractClosed, ContractClosing, EntitlementWaived } from './messages.js';
import { giveBack, payAsEnd, settle } from './payouts.js';
import { emit, type Scratch } from './scratch.js';
import type { Unit } from './state.js';
import type { RuleId } from '../terms/types.js';

type ClosingReason = ContractClosing['data']['reason'];

/**
 * Nothing new is taken from here on. What no rule is owed leaves at once, as the end says; the contract ends when what is owed has
 * been paid and no payment is under way.
 */
export function beginClosing(scratch: Scratch, reason: ClosingReason, ruleId: RuleId | null = null): void {
  if (scratch.state.status === 'active' && !givesAllBack(scratch.state)) {
    settle(scratch);
    payAsEnd(scratch, heldBy(scratch.state) - owedBy(scratch.state));
  }
  waiveShortfall(scratch);
  if (mayEnd(scratch)) close(scratch, reason);
  else if (scratch.state.closing === null || reason === 'dispute') {
    emit(scratch, 'ContractClosing', { ruleId, reason, owed: owedBy(scratch.state) });
  }
}

/** Notice of the unit is over: it is paid, and closes the contract if its rule is the final one. */
export function noticeOver(scratch: Scratch, ruleId: string): void {
  settle(scratch);
  const rule = scratch.state.terms.rules[ruleIndexOf(scratch.state, ruleId)]!;
  if (rule.final && scratch.state.status === 'active') beginClosing(scratch, 'final', rule.id);
}

/** Looks, after every step, whether the contract has come to its end. */
export function conclude(scratch: Scratch): void {
  const { state } = scratch;
  if (state.status === 'closing' && state.closing !== null) {
    if (givesAllBack(state)) giveAllBack(scratch);
    settle(scratch);
    if (scratch.state.dispute === null) {
      giveBack(
        scratch,
        heldBy(scratch.state) - owedBy(scratch.state),
        scratch.state.terms.funding.from,
        'end',
      );
    }
    waiveShortfall(scratch);
    if (mayEnd(scratch)) close(scratch, state.closing);
    return;
  }
  // Nothing can ever be paid again: no money is there and none can come.
  if (state.status !== 'active' || !mayEnd(scratch)) return;
  const room = fundable(state);
  if (room === null || room.max === 0n) close(scratch, 'paidOut');
}

/** What is owed when nothing is held, nothing more is taken and no payment is under way will never be paid. */
function waiveShortfall(scratch: Scratch): void {
  const { state } = scratch;
  if (heldBy(state) > 0n || state.dispute !== null || state.reserved.length > 0) return;
  for (const unit of nextToWaive(state)) waive(scratch, unit, 'shortfall');
}

export function waive(
  scratch: Scratch,
  { ruleId, dedupeKey, ...unit }: Unit,
  reason: EntitlementWaived['data']['reason'],
): void {
  const amount = owedOf({ ruleId, dedupeKey, ...unit });
  if (amount > 0n) emit(scratch, 'EntitlementWaived', { ruleId, dedupeKey, amount, reason });
}

/** A dispute about the whole is decided for who funded: what is owed falls away, and then all of it goes back. */
export function giveAllBack(scratch: Scratch): void {
  for (const unit of nextToWaive(scratch.state)) waive(scratch, unit, 'dispute');
  const { state } = scratch;
  if (owedBy(state) === 0n) giveBack(scratch, heldBy(state), state.terms.funding.from, 'dispute');
}

function mayEnd({ state }: Scratch): boolean {
  return (
    heldBy(state) === 0n && owedBy(state) === 0n && state.reserved.length === 0 && state.dispute === null
  );
}

export function close(scratch: Scratch, reason: ContractClosed['data']['reason']): void {
  emit(scratch, 'ContractClosed', { reason });
}
