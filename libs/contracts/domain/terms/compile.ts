import { assertNever, type Outcome } from '#libs/kernel/errors/index.js';
import type { Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { addDuration, isZero, WEEKDAYS } from '../calendar/index.js';
import type {
  AmountTerms,
  ConditionTerms,
  ParameterValues,
  RuleTerms,
  Template,
  Value,
} from '../template/types.js';
import { evaluateChecks } from './checks.js';
import { compileRule, positive } from './compile-rule.js';
import { invalidParameters, type InvalidParameters, type ParameterProblem } from './problems.js';
import { placeOf, Scope } from './scope.js';
import type { Attestor, Funding, Rule, Terms } from './types.js';

/**
 * Fills a published template in with parameters: those of the instance and of the region together. The same input gives the same
 * terms for good, whatever order members of stored JSON come back in. Contracts in the log are read with it: what it has taken
 * once it takes for good. Nothing is compared with the time it is; `parametersOf` does that when a contract is drafted.
 */
export function compileTerms(
  template: Template,
  templateHash: string,
  params: ParameterValues,
): Outcome<Terms, InvalidParameters> {
  const { terms, problems } = readTerms(template, templateHash, params);
  const [first, ...others] = problems;
  if (first) return { accepted: false, rejection: invalidParameters(template, [first, ...others]) };
  return { accepted: true, value: terms };
}

/** The terms, which hold only if there are no problems. */
export function readTerms(
  template: Template,
  templateHash: string,
  params: ParameterValues,
): { readonly terms: Terms; readonly problems: readonly ParameterProblem[] } {
  const scope = new Scope(template, params);
  const roles = Object.keys(template.roles).toSorted();
  const endAt = scope.time(template.end.at, 'end/at');
  const terms: Terms = {
    templateId: template.id,
    templateVersion: template.version,
    templateHash,
    asset: template.asset as Asset,
    roles,
    optionalRoles: roles.filter((role) => template.roles[role]!.optional),
    signers: roles.filter((role) => template.roles[role]!.signs),
    attestors: attestorsOf(template, scope),
    funding: fundingOf(template, scope, endAt),
    rules: template.rules.map((rule) => compileRule(rule, template, scope)),
    dispute: { ...disputeOf(template), timeout: timeoutOf(template, scope) },
    end: { at: endAt, do: template.end.do, to: template.end.to },
  };
  for (const [index, rule] of template.rules.entries()) {
    const compiled = terms.rules[index]!;
    endAfter(momentsOf(rule.when, compiled, rule.amount, terms.funding.by), terms, template.end.at, scope);
    fitsFunding(rule, compiled, terms, scope);
  }
  evaluateChecks(template.checks ?? [], scope);
  return { terms, problems: scope.problems };
}

function attestorsOf({ attestors = {} }: Template, scope: Scope): Readonly<Record<string, Attestor>> {
  const entries = Object.entries(attestors).map(([name, { keys, k, schema }]) => {
    const read = scope.keys(keys, `attestors/${name}/keys`);
    scope.demand(k <= read.length, [keys], () => ({
      parameter: placeOf(keys, `attestors/${name}/keys`),
      fault: 'NOT_ENOUGH_KEYS',
      given: read.length.toString(),
      allowed: `≥ ${k}`,
    }));
    return [name, { keys: read, k, schema }] as const;
  });
  return Object.fromEntries(entries);
}

function fundingOf({ funding, end }: Template, scope: Scope, endAt: Instant): Funding {
  const min = positive(scope, funding.min, 'funding/min');
  const max = positive(scope, funding.max, 'funding/max');
  const by = scope.time(funding.by, 'funding/by');
  scope.demand(min <= max, [funding.min, funding.max], () => ({
    parameter: placeOf(funding.max, 'funding/max'),
    fault: 'TOO_SMALL',
    given: max.toString(),
    allowed: `≥ ${min}`,
  }));
  scope.demand(by < endAt, [funding.by, end.at], () => ({
    parameter: placeOf(end.at, 'end/at'),
    fault: 'TOO_EARLY',
    given: endAt,
    allowed: `> ${by}`,
  }));
  return { from: funding.from, min, max, by, mode: funding.mode ?? 'once' };
}

function disputeOf({ dispute }: Template) {
  const { by, freeze, resolve } = dispute;
  return { by, freeze, resolve: { k: resolve.k, of: resolve.of }, default: dispute.default };
}

function timeoutOf({ dispute }: Template, scope: Scope) {
  const timeout = scope.duration(dispute.timeout, 'dispute/timeout');
  scope.demand(!isZero(timeout), [dispute.timeout], () => ({
    parameter: placeOf(dispute.timeout, 'dispute/timeout'),
    fault: 'TOO_SMALL',
    given: dispute.timeout,
    allowed: '> P0D',
  }));
  return timeout;
}

/** One rule alone never promises more than one deposit can bring in. */
function fitsFunding({ amount }: RuleTerms, rule: Rule, { funding }: Terms, scope: Scope): void {
  if (funding.mode !== 'once') return;
  const [value, total] = totalOf(amount, rule);
  scope.demand(total <= funding.max, [value], () => ({
    parameter: placeOf(value, `rules/${rule.id}/amount`),
    fault: 'TOO_LARGE',
    given: total.toString(),
    allowed: `≤ ${funding.max}`,
  }));
}

function totalOf(written: AmountTerms, { amount }: Rule): readonly [Value, bigint] {
  switch (amount.kind) {
    case 'fixed':
      return ['fixed' in written ? written.fixed : '', amount.amount];
    case 'perUnit':
      return ['perUnit' in written ? written.perUnit.total : '', amount.total];
    case 'linear':
      return ['linear' in written ? written.linear.total : '', amount.total];
    case 'tranches':
      return [
        'tranches' in written ? written.tranches : '',
        amount.amounts.reduce((sum, one) => sum + one, 0n),
      ];
    case 'metered':
    case 'evidence':
    case 'claim':
    case 'remaining':
      return ['', 0n];
    default:
      return assertNever(amount, 'amount');
  }
}

/**
 * The moments a rule waits for, and the parameters or literals they come from. A contract comes into force at the last moment to
 * fund at the latest; holidays are left out of account.
 */
function momentsOf(
  when: ConditionTerms,
  rule: Rule,
  amount: AmountTerms,
  fundBy: Instant,
): readonly { readonly at: Instant; readonly value: Value }[] {
  const moments: { at: Instant; value: Value }[] = [];
  collect(when, rule.when);
  if ('linear' in amount && rule.amount.kind === 'linear') {
    moments.push({ at: rule.amount.end, value: amount.linear.end });
  }
  return moments;

  function collect(written: ConditionTerms, compiled: Rule['when']): void {
    if ('at' in written && compiled.kind === 'at') moments.push({ at: compiled.at, value: written.at });
    if ('after' in written && compiled.kind === 'after') {
      moments.push({ at: addDuration(fundBy, compiled.after, WEEKDAYS), value: written.after });
    }
    const parts = 'all' in written ? written.all : 'any' in written ? written.any : [];
    if (compiled.kind !== 'all' && compiled.kind !== 'any') return;
    parts.forEach((part, index) => collect(part, compiled.of[index]!));
  }
}

function endAfter(
  moments: readonly { readonly at: Instant; readonly value: Value }[],
  { end }: Terms,
  endValue: Value,
  scope: Scope,
): void {
  for (const { at, value } of moments) {
    scope.demand(at <= end.at, [value, endValue], () => ({
      parameter: placeOf(endValue, 'end/at'),
      fault: 'TOO_EARLY',
      given: end.at,
      allowed: `≥ ${at}`,
    }));
  }
}
