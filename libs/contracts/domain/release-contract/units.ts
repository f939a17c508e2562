/** Where units are kept: open ones by key, those in notice and those to be paid in line. Pure; no rules here. */
import { remove, set, type SortedMap } from '#libs/kernel/collections/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { Contract, RuleBook, Unit } from './state.js';

/** Ids of rules hold no line break. */
export function unitKey(ruleId: string, dedupeKey: string): string {
  return `${ruleId}\n${dedupeKey}`;
}

/** Earlier first; of the same moment, in the order in which the units came up. */
function placeInLine(payableAt: Instant, order: number): string {
  return payableAt + order.toString(36).padStart(8, '0');
}

export function dueOfPlace(place: string): Instant {
  return place.slice(0, 'YYYY-MM-DDTHH:MM:SS.mmmZ'.length) as Instant;
}

type Lines = Pick<Contract, 'cooling' | 'backlog'>;

/** Puts the unit in the place of what it was before, and lines it up unless it stands still; finished ones leave. */
export function withUnit<State extends Contract>(
  state: State,
  before: Unit | undefined,
  unit: Unit,
  standsStill: boolean,
): State {
  const key = unitKey(unit.ruleId, unit.dedupeKey);
  const out = before ? unlined(state, before) : state;
  if (unit.status === 'payable' && unit.paid === unit.amount) {
    return {
      ...state,
      cooling: out.cooling,
      backlog: out.backlog,
      open: before ? remove(state.open, key) : state.open,
    };
  }
  const { cooling, backlog } = standsStill ? out : lined(out, unit);
  return { ...state, cooling, backlog, open: set(state.open, key, unit) };
}

export function withoutUnit<State extends Contract>(state: State, unit: Unit): State {
  const key = unitKey(unit.ruleId, unit.dedupeKey);
  return { ...state, ...unlined(state, unit), open: remove(state.open, key) };
}

/** Takes the unit out of line without touching it, for as long as it stands still. */
export function unlined({ cooling, backlog }: Lines, unit: Unit): Lines {
  if (unit.payableAt === null) return { cooling, backlog };
  const place = placeInLine(unit.payableAt, unit.order);
  return { cooling: removed(cooling, place), backlog: removed(backlog, place) };
}

export function lined({ cooling, backlog }: Lines, unit: Unit): Lines {
  if (unit.payableAt === null) return { cooling, backlog };
  const place = placeInLine(unit.payableAt, unit.order);
  const key = unitKey(unit.ruleId, unit.dedupeKey);
  return unit.status === 'cooling'
    ? { cooling: set(cooling, place, key), backlog }
    : { cooling, backlog: set(backlog, place, key) };
}

function removed(line: SortedMap<string>, place: string): SortedMap<string> {
  return line === null ? null : remove(line, place);
}

export function withBook<State extends Contract>(
  state: State,
  index: number,
  change: Partial<RuleBook>,
): State {
  const rules = state.rules.slice();
  rules[index] = { ...rules[index]!, ...change };
  return { ...state, rules };
}
