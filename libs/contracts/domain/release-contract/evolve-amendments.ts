import { addMs, type Instant } from '#libs/kernel/time/index.js';
import type { Bare } from './bare-event.js';
import { planOf } from './conditions.js';
import { stepAfter } from './entitlement.js';
import { emptyBook } from './evolve-life.js';
import { impossible } from './impossible.js';
import type { Contract, RuleBook } from './state.js';
import { compileTerms } from '../terms/index.js';
import type { Rule, Terms } from '../terms/types.js';
import { timerOfMoment } from './timers.js';

export function amendmentProposed(state: Contract, data: Bare<'AmendmentProposed'>): Contract {
  const { amendmentId, template, params, reason, docHash } = data;
  const compiled = compileTerms(template, data.templateHash, params);
  if (!compiled.accepted || state.amendment !== null) throw impossible('AmendmentProposed', 'out of order');
  return {
    ...state,
    amendment: { amendmentId, template, params, reason, docHash, terms: compiled.value, signed: [] },
    amendments: [...state.amendments, amendmentId],
  };
}

export function amendmentSigned(state: Contract, data: Bare<'AmendmentSigned'>): Contract {
  const { amendment } = state;
  if (amendment?.amendmentId !== data.amendmentId)
    throw impossible('AmendmentSigned', 'without its amendment');
  return { ...state, amendment: { ...amendment, signed: [...amendment.signed, data.role] } };
}

/** From here on the new terms hold; each rule goes on from what it has earned. */
export function amended(
  state: Contract,
  { amendmentId, timers, endsAt, at }: Bare<'ContractAmended'>,
): Contract {
  const { amendment } = state;
  if (amendment?.amendmentId !== amendmentId) throw impossible('ContractAmended', 'without its amendment');
  const { terms, template, params, docHash } = amendment;
  const due = new Map(timers.map(({ timerId, dueAt }) => [timerId, dueAt]));
  const rules = terms.rules.map((rule) => rebased(state, rule, { due, at }));
  const gone = state.rules.filter(({ ruleId }) => !terms.rules.some((rule) => rule.id === ruleId));
  return {
    ...state,
    terms,
    template,
    params,
    docHash,
    endsAt,
    rules,
    plans: terms.rules.map(planOf),
    retired: [...state.retired, ...gone],
    fundBy: terms.funding.by,
    fundByFired: false,
    fundingOpen: state.funded === 0n || reopens(state, terms),
    amendment: null,
  };
}

/** A higher maximum may be paid up to; a lower or equal one opens nothing again. */
function reopens(state: Contract, { funding }: Terms): boolean {
  return state.fundingOpen || funding.max > state.terms.funding.max;
}

function rebased(
  state: Contract,
  rule: Rule,
  { due, at }: { readonly due: ReadonlyMap<string, Instant>; readonly at: Instant },
): RuleBook {
  const index = state.terms.rules.findIndex(({ id }) => id === rule.id);
  const before = state.rules[index];
  const book = before ?? emptyBook(rule);
  const plan = planOf(rule);
  // Before the contract is active no time of its own has begun to run.
  const moments =
    state.activatedAt === null
      ? []
      : plan.moments.map((_, nth) => {
          const dueAt = due.get(timerOfMoment(rule.id, nth));
          return { dueAt: dueAt ?? at, fired: dueAt === undefined };
        });
  const { shiftMs, step, base } = state.activatedAt === null ? book : rebasedTime(state, rule, { book, at });
  return { ...book, moments, shiftMs, step, base };
}

/** An unchanged amount goes on as it was, shifts included; a changed one starts from what is earned now. */
function rebasedTime(
  state: Contract,
  rule: Rule,
  { book, at }: { readonly book: RuleBook; readonly at: Instant },
): Pick<RuleBook, 'shiftMs' | 'step' | 'base'> {
  const before = state.terms.rules.find(({ id }) => id === rule.id)?.amount;
  // Units are reckoned anew from what is earned, by their new price; all else only if its terms have changed.
  if (before && rule.amount.kind !== 'perUnit' && sameAmount(before, rule.amount)) return book;
  const shiftMs =
    before?.kind === 'linear' && rule.amount.kind === 'linear' && sameTimes(before, rule.amount)
      ? book.shiftMs
      : 0;
  const moment = addMs(at, -shiftMs);
  const { entitled, accruals, reading } = book;
  return {
    shiftMs,
    base: { entitled, accruals, reading, at: moment },
    step: rule.amount.kind === 'linear' ? stepAfter(rule.amount, moment, { n: 1, shiftMs }) : null,
  };
}

type Linear = Extract<Rule['amount'], { kind: 'linear' }>;

function sameTimes(one: Linear, other: Linear): boolean {
  return (
    one.start === other.start &&
    one.end === other.end &&
    one.cliff === other.cliff &&
    textOf(one.step) === textOf(other.step)
  );
}

export function sameAmount(one: Rule['amount'], other: Rule['amount']): boolean {
  return textOf(one) === textOf(other);
}

/** Compiled terms have their members in one order, so that their text tells them apart. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
}
