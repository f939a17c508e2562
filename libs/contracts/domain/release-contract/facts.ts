import { get } from '#libs/kernel/collections/index.js';
import { holds, type Facts } from './conditions.js';
import type { Approval, Contract, Unit } from './state.js';
import { unitKey } from './units.js';

/** The unit '' of a rule: what time, approvals and secrets alone bring about, and the approvals that claims of the rule need. */
export function bareUnit(state: Contract, ruleIndex: number): Unit | undefined {
  if (state.open === null) return undefined;
  return get(state.open, unitKey(state.rules[ruleIndex]!.ruleId, ''));
}

const NO_APPROVALS: readonly Approval[] = [];
const NONE: readonly number[] = [];

export function factsOf(state: Contract, ruleIndex: number, unit: Unit | undefined): Facts {
  return {
    plan: state.plans[ruleIndex]!,
    book: state.rules[ruleIndex]!,
    attested: unit?.attested ?? NONE,
    claimed: false,
    approvals: unit?.approvals ?? NO_APPROVALS,
  };
}

/** Whether a rule that earns by itself, over time, may do so. */
export function gateIsOpen(state: Contract, ruleIndex: number): boolean {
  return holds(state.terms.rules[ruleIndex]!.when, factsOf(state, ruleIndex, bareUnit(state, ruleIndex)));
}
