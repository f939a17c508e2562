import { get } from '#libs/kernel/collections/index.js';
import { afterAccrual, nextEntitlement, payableAfter } from './accrual.js';
import { isPayee } from './accounts.js';
import { mayAct } from './authority.js';
import { holds } from './conditions.js';
import { claimText, freshUnit } from './evolve-units.js';
import { bareUnit, factsOf } from './facts.js';
import { heldBy, owedBy, partyIn, ruleIndexOf, ruleStandsStill } from './figures.js';
import type { ContractCommand, ContractRefusal } from './messages.js';
import { frozen, notInForce, refuse } from './refusals.js';
import { emit, type Scratch } from './scratch.js';
import type { Contract, ContractState } from './state.js';
import { unitKey } from './units.js';

type Claim = Extract<ContractCommand, { kind: 'claim' }>;

/** Whether the very claim has been made before, or another one under its id. */
export function claimedBefore(state: ContractState, command: Claim): 'same' | 'other' | undefined {
  if (state.status === 'absent') return undefined;
  const seen = get(state.seen, unitKey(command.ruleId, command.claimId));
  if (!seen) return undefined;
  return seen.claim === claimText({ ...command, account: command.merchantAccount }) ? 'same' : 'other';
}

/**
 * Spends what the rule allows at a merchant. Unlike what others have earned, a claim is refused when the money is not there: the
 * goods have not been handed over yet.
 */
export function claim(scratch: Scratch, command: Claim): ContractRefusal | undefined {
  const { state } = scratch;
  const { ruleId, claimId, amount, spend, merchantId, mcc, merchantAccount } = command;
  const index = ruleIndexOf(state, ruleId);
  const refusal = notInForce(state) ?? notClaimable(state, index, command) ?? unfit(state, index, command);
  if (refusal) return refusal;
  const rule = state.terms.rules[index]!;
  const facts = { ...factsOf(state, index, bareUnit(state, index)), claimed: true };
  if (!holds(rule.when, facts))
    return refuse('RULE_NOT_APPLICABLE', `The rule ${ruleId} cannot be claimed yet.`);
  const before = state.rules[index]!.entitled;
  const ref = { ruleId, dedupeKey: claimId };
  const after = nextEntitlement(state, index, freshUnit(state, ref), amount);
  if (after === null || (rule.amount.kind === 'claim' && after - before < amount)) {
    return refuse('EXCEEDS_CAP', 'The rule does not allow that much any more.', {
      available: ((rule.cap ?? 0n) - before).toString(),
    });
  }
  const free = heldBy(state) - owedBy(state);
  if (after - before > free) {
    return refuse('EXCEEDS_CAP', 'The contract does not hold that much.', { available: free.toString() });
  }
  const spent = { claimId, spend, merchantId, mcc, account: merchantAccount };
  const payableAt = payableAfter(scratch, rule);
  emit(scratch, 'EntitlementAccrued', { ...ref, before, after, payableAt, claim: spent });
  afterAccrual(scratch, rule);
  return undefined;
}

function notClaimable(state: Contract, index: number, { ruleId, by }: Claim): ContractRefusal | undefined {
  if (index < 0) return refuse('RULE_NOT_FOUND', `The contract has no rule ${ruleId}.`);
  const { claimed } = state.plans[index]!;
  if (claimed.length === 0) return refuse('RULE_NOT_APPLICABLE', `The rule ${ruleId} takes no claims.`);
  if (ruleStandsStill(state, ruleId)) return frozen();
  return mayAct(
    state,
    by,
    claimed.map((condition) => condition.by),
  );
}

function unfit(state: Contract, index: number, command: Claim): ContractRefusal | undefined {
  const { amount, spend, merchantId, mcc, merchantAccount, by, claimId } = command;
  if (amount <= 0n || claimId === '') return refuse('NOTHING_TO_PAY', 'A claim is for an amount above zero.');
  const {
    merchants,
    mcc: categories,
    minSpend,
  } = state.plans[index]!.claimed.find((one) => one.by === by.role)!;
  if ((merchants && !merchants.includes(merchantId)) || (categories && !categories.includes(mcc))) {
    return refuse('MERCHANT_NOT_ALLOWED', 'It cannot be spent at this merchant.', { merchantId, mcc });
  }
  const open = state.terms.rules[index]!.to.some(({ to }) => !partyIn(state, to));
  if (open && !isPayee(merchantAccount, state.contractId)) {
    return refuse('MERCHANT_NOT_ALLOWED', 'The merchant cannot be paid.', { merchantId });
  }
  if (spend < minSpend || spend < amount) {
    const least = minSpend > amount ? minSpend : amount;
    return refuse('BELOW_MIN_SPEND', 'The purchase is too small.', { least: least.toString() });
  }
  return undefined;
}
