import { isZero, shortestMs, type Duration } from '../calendar/index.js';
import type { AmountTerms, ConditionTerms, RuleTerms, Template, Value } from '../template/types.js';
import { epochMsOf } from '#libs/kernel/time/index.js';
import { ANY } from './read-parameter.js';
import { placeOf, type Scope } from './scope.js';
import type { Amount, Condition, Rule } from './types.js';

/** More payouts by the clock than that of one rule and nobody would look at them: eleven years of days. */
const MOST_STEPS = 4_000;
const DEEPEST_CONDITION = 8;

export function compileRule(rule: RuleTerms, template: Template, scope: Scope): Rule {
  const path = `rules/${rule.id}`;
  const cooling = rule.cooling === undefined ? null : scope.duration(rule.cooling, `${path}/cooling`);
  return {
    id: rule.id,
    do: rule.do,
    when: compileCondition(rule.when, scope, `${path}/when`, 0),
    amount: compileAmount(rule.amount, scope, `${path}/amount`),
    to:
      typeof rule.to === 'string'
        ? [{ to: rule.to, share: 'rest' }]
        : rule.to.map(({ to, share }) => ({ to, share })),
    cooling: cooling === null || isZero(cooling) ? null : cooling,
    confirmedBy: rule.confirmedBy ?? [template.funding.from],
    cap: rule.cap === undefined ? null : positive(scope, rule.cap, `${path}/cap`),
    final: rule.final ?? false,
  };
}

/** @throws RangeError for conditions nested deeper than any published template has them */
function compileCondition(condition: ConditionTerms, scope: Scope, path: string, depth: number): Condition {
  if (depth > DEEPEST_CONDITION) throw new RangeError('Conditions are nested too deeply.');
  if ('at' in condition) return { kind: 'at', at: scope.time(condition.at, path) };
  if ('after' in condition) return { kind: 'after', after: scope.duration(condition.after, path) };
  if ('attested' in condition) {
    const { by, dedupe, where } = condition.attested;
    return { kind: 'attested', by, dedupe, where: where ? Object.entries(where).toSorted(byName) : [] };
  }
  if ('approved' in condition)
    return { kind: 'approved', k: condition.approved.k, of: condition.approved.of };
  if ('claimed' in condition) {
    const { by, merchants, mcc, minSpend } = condition.claimed;
    return {
      kind: 'claimed',
      by,
      merchants: merchants === undefined ? null : listed(scope.texts(merchants, `${path}/merchants`)),
      mcc: mcc === undefined ? null : listed(scope.texts(mcc, `${path}/mcc`)),
      minSpend: minSpend === undefined ? 0n : scope.integer(minSpend, `${path}/minSpend`),
    };
  }
  if ('preimage' in condition) return { kind: 'preimage', hash: scope.text(condition.preimage, path) };
  const kind = 'all' in condition ? 'all' : 'any';
  const parts = 'all' in condition ? condition.all : condition.any;
  return { kind, of: parts.map((part) => compileCondition(part, scope, path, depth + 1)) };
}

/** Stored JSON may come back with its members in another order; the terms must not. */
function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

function listed(texts: readonly string[]): readonly string[] | null {
  return texts.length === 1 && texts[0] === ANY ? null : texts;
}

function compileAmount(amount: AmountTerms, scope: Scope, path: string): Amount {
  if ('fixed' in amount) return { kind: 'fixed', amount: positive(scope, amount.fixed, path) };
  if ('perUnit' in amount) {
    const total = positive(scope, amount.perUnit.total, `${path}/total`);
    return { kind: 'perUnit', total, units: positive(scope, amount.perUnit.units, `${path}/units`) };
  }
  if ('tranches' in amount) return { kind: 'tranches', amounts: scope.integers(amount.tranches, path) };
  if ('linear' in amount) return compileLinear(amount.linear, scope, path);
  if ('metered' in amount) {
    const { reading, tariff } = amount.metered;
    return { kind: 'metered', reading, tariff: scope.ratio(tariff, `${path}/tariff`) };
  }
  if ('evidence' in amount) return { kind: 'evidence', pointer: amount.evidence };
  return { kind: 'claim' in amount ? 'claim' : 'remaining' };
}

function compileLinear(
  { total, start, end, cliff, step }: Extract<AmountTerms, { linear: unknown }>['linear'],
  scope: Scope,
  path: string,
): Amount {
  const from = scope.time(start, `${path}/start`);
  const until = scope.time(end, `${path}/end`);
  scope.demand(from < until, [start, end], () => ({
    parameter: placeOf(end, `${path}/end`),
    fault: 'TOO_EARLY',
    given: until,
    allowed: `> ${from}`,
  }));
  const cliffAt = cliff === undefined ? null : scope.time(cliff, `${path}/cliff`);
  scope.demand(cliffAt === null || (from <= cliffAt && cliffAt <= until), [start, end, cliff ?? ''], () => ({
    parameter: placeOf(cliff ?? '', `${path}/cliff`),
    fault: cliffAt! < from ? 'TOO_EARLY' : 'TOO_LATE',
    given: cliffAt!,
    allowed: `${from} … ${until}`,
  }));
  const every = step === undefined ? null : scope.duration(step, `${path}/step`);
  const spanMs = epochMsOf(until) - epochMsOf(from);
  scope.demand(every === null || stepsIn(spanMs, every) <= MOST_STEPS, [start, end, step ?? ''], () => ({
    parameter: placeOf(step ?? '', `${path}/step`),
    fault: 'TOO_SMALL',
    given: step!,
    allowed: `≤ ${MOST_STEPS} steps`,
  }));
  const amount = positive(scope, total, `${path}/total`);
  return { kind: 'linear', total: amount, start: from, end: until, cliff: cliffAt, step: every };
}

function stepsIn(spanMs: number, step: Duration): number {
  return isZero(step) ? Infinity : spanMs / shortestMs(step);
}

export function positive(scope: Scope, value: Value, path: string): bigint {
  const amount = scope.integer(value, path);
  scope.demand(amount > 0n, [value], () => ({
    parameter: placeOf(value, path),
    fault: 'TOO_SMALL',
    given: amount.toString(),
    allowed: '≥ 1',
  }));
  return amount;
}
