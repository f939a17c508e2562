import { first, get, valuesOf } from '#libs/kernel/collections/index.js';
import { payout } from './accounts.js';
import { availableIn, bookOf, givesAllBack, owedOf, owedUnits, ruleIndexOf } from './figures.js';
import type { FundsRefunded } from './messages.js';
import { emit, type Scratch } from './scratch.js';
import { isEnded, type Contract, type Unit } from './state.js';
import type { Role, RuleId } from '../terms/types.js';

/** Pays what is payable, in the order in which it became so, as far as the money goes; the rest waits for a deposit. */
export function settle(scratch: Scratch): void {
  for (;;) {
    const { state } = scratch;
    if (state.backlog === null || state.status === 'frozen' || isEnded(state) || givesAllBack(state)) return;
    const available = availableIn(state);
    if (available <= 0n) return;
    const next = get(state.open, first(state.backlog)!.value)!;
    if (owedOf(next) >= available || state.backlog.size === 1) pay(scratch, [next], available);
    else payInTurn(scratch, inLine(state), available);
  }
}

function* inLine(state: Contract): Generator<Unit> {
  for (const key of valuesOf(state.backlog)) yield get(state.open, key)!;
}

/**
 * Who is paid is decided unit by unit, in the order given, as far as the money goes. What goes to the same accounts under one rule
 * leaves in one payout: a contract with thousands of units owed pays them in a handful of events, which one append can hold.
 */
function payInTurn(scratch: Scratch, units: Iterable<Unit>, most: bigint): void {
  const payouts = new Map<string, Unit[]>();
  let left = most;
  let last = '';
  for (const unit of units) {
    if (left <= 0n) break;
    last = `${unit.ruleId}\n${unit.claimAccount ?? ''}`;
    const together = payouts.get(last);
    if (together) together.push(unit);
    else payouts.set(last, [unit]);
    left -= owedOf(unit);
  }
  // Only the last unit may be paid in part.
  for (const [of, together] of payouts) {
    const owed = together.reduce((sum, unit) => sum + owedOf(unit), 0n);
    pay(scratch, together, of === last && left < 0n ? owed + left : owed);
  }
}

/** Pays units of one rule, no more than `most` together. */
export function pay(scratch: Scratch, units: readonly Unit[], most: bigint): void {
  const { state } = scratch;
  const owed = units.reduce((sum, unit) => sum + owedOf(unit), 0n);
  const amount = owed < most ? owed : most;
  if (amount <= 0n) return;
  const { ruleId, claimAccount } = units[0]!;
  const rule = state.terms.rules[ruleIndexOf(state, ruleId)]!;
  const cumulative = paidUnder(state, ruleId) + amount;
  const releaseId = `${state.contractId}:${ruleId}:${cumulative}`;
  const paid = { ruleId, dedupeKeys: units.map(({ dedupeKey }) => dedupeKey), amount };
  const moved = payout(state, amount, rule.to, claimAccount);
  if (rule.do === 'release') emit(scratch, 'FundsReleased', { releaseId, ...paid, cumulative, ...moved });
  else emit(scratch, 'FundsRefunded', { refundId: releaseId, ...paid, reason: 'rule', ...moved });
}

/** Also while the rule was another one of the same id, which an amendment took out: no two payouts have one id. */
function paidUnder(state: Contract, ruleId: RuleId): bigint {
  let paid = bookOf(state, ruleId).paid;
  for (const book of state.retired) if (book.ruleId === ruleId) paid += book.paid;
  return paid;
}

/** Pays everything owed at once, notice or not, as far as the money goes. */
export function payAllOwed(scratch: Scratch): void {
  payInTurn(scratch, owedUnits(scratch.state), availableIn(scratch.state));
}

type RefundReason = Exclude<FundsRefunded['data']['reason'], 'rule'>;

/** Gives back what no rule is owed. */
export function giveBack(scratch: Scratch, amount: bigint, to: Role, reason: RefundReason): void {
  if (amount <= 0n) return;
  const { state } = scratch;
  emit(scratch, 'FundsRefunded', {
    refundId: `${state.contractId}:@${reason}:${state.refunded + amount}`,
    ruleId: null,
    reason,
    dedupeKeys: [],
    amount,
    ...payout(state, amount, [{ to, share: 'rest' }]),
  });
}

/** What is left over goes where the end of the contract says. */
export function payAsEnd(scratch: Scratch, amount: bigint): void {
  if (amount <= 0n) return;
  const { state } = scratch;
  const { to } = state.terms.end;
  if (state.terms.end.do === 'refund') {
    giveBack(scratch, amount, to, 'end');
    return;
  }
  const cumulative = state.released + amount;
  emit(scratch, 'FundsReleased', {
    releaseId: `${state.contractId}:@end:${cumulative}`,
    ruleId: null,
    dedupeKeys: [],
    amount,
    cumulative,
    ...payout(state, amount, [{ to, share: 'rest' }]),
  });
}
