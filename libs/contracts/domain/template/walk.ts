import type { AmountTerms, ConditionTerms, ParameterType, Template, Value } from './types.js';

/** A place where a value stands, and the types of parameters that may stand there. */
export interface ValueUse {
  readonly path: string;
  readonly value: Value;
  readonly types: readonly ParameterType[];
}

/** A place where a role is named. */
export interface RoleUse {
  readonly path: string;
  readonly role: string;
}

/** A condition and all within it, outermost first. Deeper than `DEEPEST` nothing is looked at. */
export interface PlacedCondition {
  readonly path: string;
  readonly condition: ConditionTerms;
  readonly depth: number;
}

/** Levels of `all` and `any` within each other. */
export const DEEPEST = 4;

export function* conditionsOf(
  condition: ConditionTerms,
  path: string,
  depth = 1,
): Generator<PlacedCondition> {
  yield { path, condition, depth };
  if (depth > DEEPEST) return;
  for (const kind of ['all', 'any'] as const) {
    for (const [index, part] of (partsOf(condition, kind) ?? []).entries()) {
      yield* conditionsOf(part, `${path}/${kind}/${index}`, depth + 1);
    }
  }
}

export function partsOf(
  condition: ConditionTerms,
  kind: 'all' | 'any',
): readonly ConditionTerms[] | undefined {
  if (kind === 'all') return 'all' in condition ? condition.all : undefined;
  return 'any' in condition ? condition.any : undefined;
}

/** Every value of a template but those of its checks, whose type depends on the other side. */
export function* valuesOf(template: Template): Generator<ValueUse> {
  const { attestors = {}, funding, rules, dispute, end } = template;
  for (const [name, { keys }] of Object.entries(attestors))
    yield use(`/attestors/${name}/keys`, keys, 'keys');
  yield use('/funding/min', funding.min, 'amount');
  yield use('/funding/max', funding.max, 'amount');
  yield use('/funding/by', funding.by, 'time');
  for (const [index, rule] of rules.entries()) {
    const path = `/rules/${index}`;
    for (const placed of conditionsOf(rule.when, `${path}/when`)) yield* valuesOfCondition(placed);
    yield* valuesOfAmount(rule.amount, `${path}/amount`);
    if (rule.cooling !== undefined) yield use(`${path}/cooling`, rule.cooling, 'duration');
    if (rule.cap !== undefined) yield use(`${path}/cap`, rule.cap, 'amount');
  }
  yield use('/dispute/timeout', dispute.timeout, 'duration');
  yield use('/end/at', end.at, 'time');
}

function* valuesOfCondition({ condition, path }: PlacedCondition): Generator<ValueUse> {
  if ('at' in condition) yield use(`${path}/at`, condition.at, 'time');
  if ('after' in condition) yield use(`${path}/after`, condition.after, 'duration');
  if ('preimage' in condition) yield use(`${path}/preimage`, condition.preimage, 'hash');
  if (!('claimed' in condition)) return;
  const { merchants, mcc, minSpend } = condition.claimed;
  if (merchants !== undefined) yield use(`${path}/claimed/merchants`, merchants, 'ids');
  if (mcc !== undefined) yield use(`${path}/claimed/mcc`, mcc, 'codes');
  if (minSpend !== undefined) yield use(`${path}/claimed/minSpend`, minSpend, 'amount');
}

function* valuesOfAmount(amount: AmountTerms, path: string): Generator<ValueUse> {
  if ('fixed' in amount) yield use(`${path}/fixed`, amount.fixed, 'amount');
  if ('perUnit' in amount) {
    yield use(`${path}/perUnit/total`, amount.perUnit.total, 'amount');
    yield use(`${path}/perUnit/units`, amount.perUnit.units, 'count');
  }
  if ('tranches' in amount) yield use(`${path}/tranches`, amount.tranches, 'amounts');
  if ('metered' in amount) yield use(`${path}/metered/tariff`, amount.metered.tariff, 'ratio');
  if (!('linear' in amount)) return;
  const { total, start, end, cliff, step } = amount.linear;
  yield use(`${path}/linear/total`, total, 'amount');
  yield use(`${path}/linear/start`, start, 'time');
  yield use(`${path}/linear/end`, end, 'time');
  if (cliff !== undefined) yield use(`${path}/linear/cliff`, cliff, 'time');
  if (step !== undefined) yield use(`${path}/linear/step`, step, 'duration');
}

function use(path: string, value: Value, ...types: readonly ParameterType[]): ValueUse {
  return { path, value, types };
}

/** Every place that names a role, but the list of roles itself. */
export function* rolesOf(template: Template): Generator<RoleUse> {
  const { attestors = {}, funding, rules, dispute, end } = template;
  for (const [name, { heldBy }] of Object.entries(attestors))
    yield* listed(`/attestors/${name}/heldBy`, heldBy);
  yield { path: '/funding/from', role: funding.from };
  for (const [index, rule] of rules.entries()) {
    const path = `/rules/${index}`;
    for (const { condition, path: at } of conditionsOf(rule.when, `${path}/when`)) {
      if ('approved' in condition) yield* listed(`${at}/approved/of`, condition.approved.of);
      if ('claimed' in condition) yield { path: `${at}/claimed/by`, role: condition.claimed.by };
    }
    if (typeof rule.to === 'string') yield { path: `${path}/to`, role: rule.to };
    else for (const [part, { to }] of rule.to.entries()) yield { path: `${path}/to/${part}/to`, role: to };
    yield* listed(`${path}/confirmedBy`, rule.confirmedBy ?? []);
  }
  yield* listed('/dispute/by', dispute.by);
  yield* listed('/dispute/resolve/of', dispute.resolve.of);
  yield { path: '/end/to', role: end.to };
}

function* listed(path: string, roles: readonly string[]): Generator<RoleUse> {
  for (const [index, role] of roles.entries()) yield { path: `${path}/${index}`, role };
}

export function payeesOf({ to }: Template['rules'][number]): readonly string[] {
  return typeof to === 'string' ? [to] : to.map((part) => part.to);
}
