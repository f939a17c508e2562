import { readParameter } from '../terms/read-parameter.js';
import type { LintFinding } from './findings.js';
import type { CheckTerms, ParameterType, Template, Value } from './types.js';
import { valuesOf, type ValueUse } from './walk.js';

/** Unknown, mistyped and unused parameters, literals that cannot be read, senseless bounds. */
export function* lintParameters(template: Template): Generator<LintFinding> {
  const used = new Set<string>();
  for (const place of valuesOf(template)) {
    const name = parameterOf(place.value);
    if (name !== undefined) used.add(name);
    yield* lintValue(place, template);
  }
  for (const [index, check] of (template.checks ?? []).entries()) {
    for (const value of sidesOf(check)) {
      const name = parameterOf(value);
      if (name !== undefined) used.add(name);
    }
    yield* lintCheck(check, `/checks/${index}`, template);
  }
  for (const [name, { type, min, max }] of Object.entries(template.params)) {
    const path = `/params/${name}`;
    if (!used.has(name)) {
      yield { code: 'UNUSED_PARAMETER', path, message: `Nothing refers to $${name}.` };
    }
    if (min === undefined && max === undefined) continue;
    if (type !== 'amount' && type !== 'count') {
      yield { code: 'INVALID_BOUNDS', path, message: 'Only amounts and counts have bounds.' };
    } else if (min !== undefined && max !== undefined && BigInt(min) > BigInt(max)) {
      yield { code: 'INVALID_BOUNDS', path, message: `No value lies between ${min} and ${max}.` };
    }
  }
}

/** The parameter a value refers to. */
export function parameterOf(value: Value): string | undefined {
  return value.startsWith('$') ? value.slice(1) : undefined;
}

export function sidesOf({ le, lt, eq, within }: CheckTerms): readonly Value[] {
  return [...(le ?? []), ...(lt ?? []), ...(eq ?? []), ...(within ?? [])];
}

function* lintValue({ path, value, types }: ValueUse, template: Template): Generator<LintFinding> {
  const name = parameterOf(value);
  if (name === undefined) {
    if (!types.some((type) => 'typed' in readParameter({ type }, value))) {
      const message = `"${value}" is no ${types.join(' or ')}.`;
      yield { code: 'INVALID_LITERAL', path, message };
    }
    return;
  }
  const type = typeOf(name, template);
  if (type === undefined) yield unknown(path, name);
  else if (!types.includes(type)) {
    const message = `$${name} is of type ${type}; ${types.join(' or ')} is needed here.`;
    yield { code: 'WRONG_PARAMETER_TYPE', path, message };
  }
}

const COMPARABLE: readonly ParameterType[] = ['amount', 'count', 'time', 'duration', 'ratio'];
/** Texts can only be told equal or not. */
const EQUATABLE: readonly ParameterType[] = [...COMPARABLE, 'id', 'hash'];

function* lintCheck(check: CheckTerms, path: string, template: Template): Generator<LintFinding> {
  const unknownNames = sidesOf(check).flatMap((value) => {
    const name = parameterOf(value);
    return name !== undefined && typeOf(name, template) === undefined ? [name] : [];
  });
  if (unknownNames.length > 0) {
    yield* unknownNames.map((name) => unknown(path, name));
    return;
  }
  if (check.within) {
    const [from, until, most] = check.within;
    yield* lintValue({ path: `${path}/within/0`, value: from, types: ['time'] }, template);
    yield* lintValue({ path: `${path}/within/1`, value: until, types: ['time'] }, template);
    yield* lintValue({ path: `${path}/within/2`, value: most, types: ['duration'] }, template);
    return;
  }
  const allowed = check.eq ? EQUATABLE : COMPARABLE;
  const [one, other] = sidesOf(check).map((value) => typesOf(value, template, allowed));
  if (!one?.some((type) => other?.includes(type))) {
    const message = 'Both sides are of one type that can be compared.';
    yield { code: 'WRONG_PARAMETER_TYPE', path, message };
  }
}

/** What a side can be: a parameter its own type, a literal every type it reads as. */
function typesOf(
  value: Value,
  template: Template,
  allowed: readonly ParameterType[],
): readonly ParameterType[] {
  const name = parameterOf(value);
  if (name !== undefined) return allowed.filter((type) => type === typeOf(name, template));
  return COMPARABLE.filter((type) => 'typed' in readParameter({ type }, value));
}

function typeOf(name: string, { params }: Template): ParameterType | undefined {
  return Object.hasOwn(params, name) ? params[name]!.type : undefined;
}

function unknown(path: string, name: string): LintFinding {
  return { code: 'UNKNOWN_PARAMETER', path, message: `There is no parameter ${name}.` };
}
