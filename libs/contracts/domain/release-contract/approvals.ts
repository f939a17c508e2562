import { get } from '#libs/kernel/collections/index.js';
import { accrueIfEarned, accrueLinear, accrueWhatWaits } from './accrual.js';
import { mayAct } from './authority.js';
import { noticeOver } from './ending.js';
import { gateIsOpen } from './facts.js';
import { ruleIndexOf, ruleStandsStill, unitStandsStill } from './figures.js';
import type { ContractCommand, ContractRefusal, UnitRef } from './messages.js';
import { frozen, notInForce, refuse } from './refusals.js';
import { emit, type Scratch } from './scratch.js';
import { unitKey } from './units.js';

type Command<Kind extends ContractCommand['kind']> = Extract<ContractCommand, { kind: Kind }>;

/**
 * A role's decision on one unit, which it may change until the unit is earned. A unit that needs evidence can be approved once the
 * evidence is there, so that nobody approves what has not been seen.
 */
export function approve(scratch: Scratch, command: Command<'approve'>): ContractRefusal | undefined {
  const { state } = scratch;
  const { ruleId, dedupeKey, decision, by } = command;
  const index = ruleIndexOf(state, ruleId);
  const refusal = notInForce(state) ?? ruleFault(scratch, index, ruleId);
  if (refusal) return refusal;
  const plan = state.plans[index]!;
  if (plan.approvers.length === 0)
    return refuse('RULE_NOT_APPLICABLE', `Nobody approves the rule ${ruleId}.`);
  const unauthorised = mayAct(state, by, plan.approvers);
  if (unauthorised) return unauthorised;
  const unit = get(state.open, unitKey(ruleId, dedupeKey));
  const earned = unit ? unit.status !== 'waiting' : isDone(scratch, index, dedupeKey);
  if (earned) return refuse('NOTHING_TO_PAY', 'The unit has been earned already.');
  if (!unit && (dedupeKey !== '' || !plan.bare)) {
    return refuse('UNIT_NOT_FOUND', 'There is no evidence for this unit yet.');
  }
  if (unit?.approvals.some((one) => one.role === by.role && one.decision === decision)) {
    return refuse('ALREADY_VOTED', 'The role has said so already.');
  }
  emit(scratch, 'ApprovalRecorded', { unit: { ruleId, dedupeKey }, role: by.role, decision });
  // Approvals of a rule with claims are for the claims that follow.
  if (plan.claimed.length > 0 || accrueIfEarned(scratch, index, dedupeKey)) return undefined;
  return refuse('EXCEEDS_UNITS', 'All units of the rule have been earned.');
}

function isDone({ state }: Scratch, index: number, dedupeKey: string): boolean {
  const { ruleId, bareAccrued } = state.rules[index]!;
  return dedupeKey === '' ? bareAccrued : get(state.seen, unitKey(ruleId, dedupeKey)) !== undefined;
}

function ruleFault({ state }: Scratch, index: number, ruleId: string): ContractRefusal | undefined {
  if (index < 0) return refuse('RULE_NOT_FOUND', `The contract has no rule ${ruleId}.`);
  return ruleStandsStill(state, ruleId) ? frozen() : undefined;
}

/** Whoever knows the secret fulfils the condition, whoever that is. */
export function reveal(scratch: Scratch, command: Command<'reveal'>): ContractRefusal | undefined {
  const { state } = scratch;
  const { ruleId, preimage, preimageHash } = command;
  const index = ruleIndexOf(state, ruleId);
  const refusal = notInForce(state) ?? ruleFault(scratch, index, ruleId);
  if (refusal) return refusal;
  const { secrets, perUnit } = state.plans[index]!;
  if (secrets.length === 0) return refuse('RULE_NOT_APPLICABLE', `The rule ${ruleId} knows no secret.`);
  if (!secrets.includes(preimageHash)) return refuse('WRONG_SECRET', 'This is not the secret.');
  const { revealed, bareAccrued } = state.rules[index]!;
  if (revealed.includes(preimageHash)) return undefined;
  if (bareAccrued && !perUnit) return refuse('NOTHING_TO_PAY', 'The rule has been fulfilled already.');
  emit(scratch, 'SecretRevealed', { ruleId, preimage, preimageHash });
  accrueWhatWaits(scratch, index);
  return undefined;
}

/** For payees: what has been earned by now of what grows with time. */
export function draw(scratch: Scratch, { ruleId, by }: Command<'draw'>): ContractRefusal | undefined {
  const { state } = scratch;
  const index = ruleIndexOf(state, ruleId);
  const refusal = notInForce(state) ?? ruleFault(scratch, index, ruleId);
  if (refusal) return refusal;
  const { amount, to } = state.terms.rules[index]!;
  if (amount.kind !== 'linear')
    return refuse('RULE_NOT_APPLICABLE', `The rule ${ruleId} does not grow with time.`);
  const unauthorised = mayAct(
    state,
    by,
    to.map((share) => share.to),
  );
  if (unauthorised) return unauthorised;
  if (gateIsOpen(state, index) && accrueLinear(scratch, index)) return undefined;
  return refuse('NOTHING_TO_PAY', 'Nothing has been earned since the last time.');
}

/** Ends the notice of one unit at once. Possible in `closing` too. */
export function confirm(
  scratch: Scratch,
  { ruleId, dedupeKey, by }: Command<'confirm'>,
): ContractRefusal | undefined {
  const { state } = scratch;
  const closed = state.status === 'closing' ? undefined : notInForce(state);
  if (closed) return closed;
  const index = ruleIndexOf(state, ruleId);
  if (index < 0) return refuse('RULE_NOT_FOUND', `The contract has no rule ${ruleId}.`);
  const unauthorised = mayAct(state, by, state.terms.rules[index]!.confirmedBy);
  if (unauthorised) return unauthorised;
  const refusal = notCooling(scratch, { ruleId, dedupeKey });
  if (refusal) return refusal;
  if (unitStandsStill(state, get(state.open, unitKey(ruleId, dedupeKey))!)) return frozen();
  emit(scratch, 'AccrualConfirmed', { ruleId, dedupeKey });
  noticeOver(scratch, ruleId);
  return undefined;
}

/** Refuses units that there are not, and those that have not been earned yet or are through their notice. */
export function notCooling({ state }: Scratch, { ruleId, dedupeKey }: UnitRef): ContractRefusal | undefined {
  const index = ruleIndexOf(state, ruleId);
  if (index < 0) return refuse('RULE_NOT_FOUND', `The contract has no rule ${ruleId}.`);
  const key = unitKey(ruleId, dedupeKey);
  const unit = get(state.open, key);
  if (unit?.status === 'cooling') return undefined;
  if (unit || get(state.seen, key) || isPast(state.rules[index]!, dedupeKey)) {
    return refuse('NOT_COOLING', 'The unit is not in its period of notice.');
  }
  return refuse('UNIT_NOT_FOUND', 'The contract has no such unit.');
}

/** Units without evidence of their own: the one '', and the numbered ones of linear rules. */
function isPast(
  { bareAccrued, accruals }: { readonly bareAccrued: boolean; readonly accruals: number },
  dedupeKey: string,
): boolean {
  if (dedupeKey === '') return bareAccrued;
  return /^[1-9]\d{0,8}$/.test(dedupeKey) && Number(dedupeKey) <= accruals;
}
