import { valuesOf } from '#libs/kernel/collections/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import type { Bare } from './bare-event.js';
import { owedOf, unitStandsStill } from './figures.js';
import { impossible } from './impossible.js';
import type { Contract, OpenDispute, RuleBook, Unit } from './state.js';
import { lined, unlined, withUnit } from './units.js';

export function disputeOpened(state: Contract, data: Bare<'DisputeOpened'>): Contract {
  if (state.dispute !== null) throw impossible('DisputeOpened', 'beside another');
  if (state.status !== 'active' && state.status !== 'closing') {
    throw impossible('DisputeOpened', 'while there is nothing to dispute');
  }
  const { disputeId, subject, scope, deadline, at: openedAt } = data;
  const about = { disputeId, subject, scope, openedAt, deadline, before: state.status };
  const dispute: OpenDispute = { ...about, expired: false, votes: [] };
  const disputed: Contract = { ...state, dispute, disputes: [...state.disputes, disputeId] };
  if (scope === 'held') return { ...disputed, status: 'frozen' };
  let lines: Pick<Contract, 'cooling' | 'backlog'> = state;
  for (const unit of valuesOf(state.open)) if (unitStandsStill(disputed, unit)) lines = unlined(lines, unit);
  return { ...disputed, cooling: lines.cooling, backlog: lines.backlog };
}

/** What stood still goes on; its deadlines move on by the time it stood still. */
export function disputeResolved(state: Contract, data: Bare<'DisputeResolved'>): Contract {
  const { dispute } = state;
  if (dispute?.disputeId !== data.disputeId) throw impossible('DisputeResolved', 'without its dispute');
  const { shiftMs, outcome } = data;
  const held = dispute.scope === 'held';
  const verdict = dispute.subject === null && outcome !== 'thaw' ? outcome : state.verdict;
  let next: Contract = { ...state, dispute: null, verdict, status: held ? dispute.before : state.status };
  if (held) {
    const rules = next.rules.map((book) => shifted(book, shiftMs));
    next = { ...next, rules, endsAt: addMs(next.endsAt, shiftMs) };
  }
  for (const unit of valuesOf(state.open)) {
    if (unit.status === 'waiting' || !unitStandsStill(state, unit)) continue;
    if (isDecidedFor(dispute, unit) && outcome === 'release' && data.release < owedOf(unit)) {
      // There was not enough money: its notice is over all the same, and the next deposit pays it.
      next = withUnit(next, unit, { ...unit, status: 'payable', payableAt: data.at }, false);
    } else if (unit.status === 'payable') {
      next = { ...next, ...lined(next, unit) };
    } else {
      next = withUnit(next, unit, { ...unit, payableAt: addMs(unit.payableAt!, shiftMs) }, false);
    }
  }
  return next;
}

function isDecidedFor({ subject }: OpenDispute, { ruleId, dedupeKey }: Unit): boolean {
  return subject?.ruleId === ruleId && subject.dedupeKey === dedupeKey;
}

function shifted(book: RuleBook, shiftMs: number): RuleBook {
  return {
    ...book,
    shiftMs: book.shiftMs + shiftMs,
    moments: book.moments.map((moment) =>
      moment.fired ? moment : { ...moment, dueAt: addMs(moment.dueAt, shiftMs) },
    ),
    step: book.step && { ...book.step, dueAt: addMs(book.step.dueAt, shiftMs) },
  };
}
