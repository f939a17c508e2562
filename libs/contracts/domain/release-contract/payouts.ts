import { first, get, valuesOf } from '#libs/kernel/collections/index.js';
import { payout } from './accounts.js';
import { availableIn, bookOf, owedOf, owedUnits, ruleIndexOf } from './figures.js';
import type { FundsRefunded } from './messages.js';
import { emit, type Scratch } from './scratch.js';
import { isEnded, type Contract, type Unit } from './state.js';
import type { Role } from '../terms/types.js';

/** Pays what is payable, in the order in which it became so, as far as the money goes; the rest waits for a deposit. */
export function settle(scratch: Scratch): void {
  for (;;) {
    const { state } = scratch;
    if (state.backlog === null || state.status === 'frozen' || isEnded(state)) return;
    const available = availableIn(state);
    if (available <= 0n) return;
    pay(scratch, batchOf(state, available), available);
  }
}

/** The first units in line that belong to one rule and go to the same accounts, no more than there is money for. */
function batchOf(state: Contract, available: bigint): readonly Unit[] {
  const next = get(state.open, first(state.backlog)!.value)!;
  if (owedOf(next) >= available || next.claimAccount !== null || state.backlog!.size === 1) return [next];
  const batch: Unit[] = [];
  let sum = 0n;
  for (const unit of inLine(state)) {
    if (unit.ruleId !== next.ruleId || unit.claimAccount !== null || sum >= available) break;
    batch.push(unit);
    sum += owedOf(unit);
  }
  return batch;
}

function* inLine(state: Contract): Generator<Unit> {
  for (const key of valuesOf(state.backlog)) yield get(state.open, key)!;
}

/** Pays units of one rule, no more than `most` together. */
export function pay(scratch: Scratch, units: readonly Unit[], most: bigint): void {
  const { state } = scratch;
  const owed = units.reduce((sum, unit) => sum + owedOf(unit), 0n);
  const amount = owed < most ? owed : most;
  if (amount <= 0n) return;
  const { ruleId, claimAccount } = units[0]!;
  const rule = state.terms.rules[ruleIndexOf(state, ruleId)]!;
  const cumulative = bookOf(state, ruleId).paid + amount;
  const releaseId = `${state.contractId}:${ruleId}:${cumulative}`;
  const paid = { ruleId, dedupeKeys: units.map(({ dedupeKey }) => dedupeKey), amount };
  const moved = payout(state, amount, rule.to, claimAccount);
  if (rule.do === 'release') emit(scratch, 'FundsReleased', { releaseId, ...paid, cumulative, ...moved });
  else emit(scratch, 'FundsRefunded', { refundId: releaseId, ...paid, reason: 'rule', ...moved });
}

/** Pays everything owed at once, notice or not, as far as the money goes. */
export function payAllOwed(scratch: Scratch): void {
  for (const unit of owedUnits(scratch.state)) pay(scratch, [unit], availableIn(scratch.state));
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
