import { get } from '#libs/kernel/collections/index.js';
import type { Bare } from './bare-event.js';
import { bookOf, heldBy, owedOf, ruleIndexOf, unitStandsStill } from './figures.js';
import { impossible } from './impossible.js';
import type { RuleId } from '../terms/types.js';
import type { Contract } from './state.js';
import { unitKey, withBook, withoutUnit, withUnit } from './units.js';

export function released(state: Contract, { ruleId, dedupeKeys, amount }: Bare<'FundsReleased'>): Contract {
  if (amount > heldBy(state)) throw impossible('FundsReleased', 'of more than is held');
  const paid = { ...state, released: state.released + amount };
  return ruleId === null ? paid : payUnits(paid, ruleId, dedupeKeys, amount);
}

export function refunded(
  state: Contract,
  { ruleId, reason, dedupeKeys, amount }: Bare<'FundsRefunded'>,
): Contract {
  if (amount > heldBy(state)) throw impossible('FundsRefunded', 'of more than is held');
  const givenBack = reason === 'amendment' ? state.givenBack + amount : state.givenBack;
  const paid = { ...state, refunded: state.refunded + amount, givenBack };
  return ruleId === null ? paid : payUnits(paid, ruleId, dedupeKeys, amount);
}

/** Each unit gets what it is owed, in the order given, as far as the amount goes. */
function payUnits(state: Contract, ruleId: RuleId, dedupeKeys: readonly string[], amount: bigint): Contract {
  let next = withBook(state, ruleIndexOf(state, ruleId), { paid: bookOf(state, ruleId).paid + amount });
  let left = amount;
  for (const dedupeKey of dedupeKeys) {
    const unit = get(next.open, unitKey(ruleId, dedupeKey));
    if (!unit || unit.status === 'waiting') throw impossible('A payout', 'of a unit that is not owed');
    const owed = owedOf(unit);
    const part = owed < left ? owed : left;
    left -= part;
    const paid = { ...unit, status: 'payable', paid: unit.paid + part } as const;
    next = withUnit(next, unit, paid, unitStandsStill(next, unit));
  }
  if (left !== 0n) throw impossible('A payout', 'of more than its units are owed');
  return next;
}

export function waived(state: Contract, { ruleId, dedupeKey, amount }: Bare<'EntitlementWaived'>): Contract {
  const unit = get(state.open, unitKey(ruleId, dedupeKey));
  if (!unit || owedOf(unit) !== amount) throw impossible('EntitlementWaived', 'for what is not owed');
  const { waived: before } = bookOf(state, ruleId);
  return withoutUnit(withBook(state, ruleIndexOf(state, ruleId), { waived: before + amount }), unit);
}
