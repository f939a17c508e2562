import type { Fraction } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { Duration } from '../calendar/index.js';
import type { AttestorKey, ParameterType, ParameterValues, Template, Value } from '../template/types.js';
import type { ParameterFault, ParameterProblem } from './problems.js';
import { readParameter, type Typed } from './read-parameter.js';

type Values = { readonly [Type in Typed['type']]: Extract<Typed, { readonly type: Type }>['value'] };

/** Literals of a template are read as parameters of these types are. */
const LITERALS: Partial<Record<Typed['type'], ParameterType>> = {
  integer: 'count',
  time: 'time',
  duration: 'duration',
  ratio: 'ratio',
  text: 'hash',
};

const NOTHING: Values = {
  integer: 0n,
  time: '2000-01-01T00:00:00.000Z' as Instant,
  duration: { kind: 'elapsed', months: 0, days: 0, ms: 0 },
  ratio: { numerator: 0n, denominator: 1n },
  integers: [],
  texts: [],
  text: '',
  keys: [],
};

/**
 * The values that a template's references stand for, and what is wrong with them. A value that cannot be read counts as nothing,
 * so that the rest is read as well and all problems come out at once.
 */
export class Scope {
  readonly #typed = new Map<string, Typed>();
  readonly #problems: ParameterProblem[] = [];
  readonly #broken = new Set<string>();

  constructor(
    template: Template,
    private readonly given: ParameterValues,
  ) {
    for (const name of Object.keys(given)) {
      if (!Object.hasOwn(template.params, name)) this.fault(name.slice(0, 80), 'UNKNOWN');
    }
    for (const [name, parameter] of Object.entries(template.params)) {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (value === undefined) {
        this.#break(name, { fault: 'MISSING' });
        continue;
      }
      const reading = readParameter(parameter, value);
      if ('typed' in reading) this.#typed.set(name, reading.typed);
      else this.#break(name, reading.problem);
    }
  }

  get problems(): readonly ParameterProblem[] {
    return this.#problems;
  }

  integer(value: Value, path: string): bigint {
    return this.#read('integer', value, path);
  }

  time(value: Value, path: string): Instant {
    return this.#read('time', value, path);
  }

  duration(value: Value, path: string): Duration {
    return this.#read('duration', value, path);
  }

  ratio(value: Value, path: string): Fraction {
    return this.#read('ratio', value, path);
  }

  integers(value: Value, path: string): readonly bigint[] {
    return this.#read('integers', value, path);
  }

  texts(value: Value, path: string): readonly string[] {
    return this.#read('texts', value, path);
  }

  text(value: Value, path: string): string {
    return this.#read('text', value, path);
  }

  keys(value: Value, path: string): readonly AttestorKey[] {
    return this.#read('keys', value, path);
  }

  /** A value whose place allows several types, as in checks. */
  any(value: Value, path: string): Typed | undefined {
    const name = referenceOf(value);
    if (name !== undefined) {
      if (!this.#typed.has(name) && !this.#broken.has(name)) this.#break(name, { fault: 'WRONG_TYPE' });
      return this.#typed.get(name);
    }
    for (const type of ['count', 'time', 'duration', 'ratio'] as const) {
      const reading = readParameter({ type }, value);
      if ('typed' in reading) return reading.typed;
    }
    this.fault(path, 'MALFORMED', { given: value });
    return undefined;
  }

  /** A value as somebody has written it. */
  written(value: Value): string {
    const name = referenceOf(value);
    const given = name !== undefined && Object.hasOwn(this.given, name) ? this.given[name] : value;
    return typeof given === 'string' ? given.slice(0, 80) : value;
  }

  /** The values at hand are readable, and their combination is not: told unless one of them is broken already. */
  demand(holds: boolean, values: readonly Value[], problem: () => ParameterProblem): void {
    if (holds || values.some((value) => this.#isBroken(value))) return;
    this.#problems.push(problem());
  }

  fault(parameter: string, fault: ParameterFault, more: Partial<ParameterProblem> = {}): void {
    this.#problems.push({ parameter, fault, ...more });
  }

  #read<Type extends Typed['type']>(type: Type, value: Value, path: string): Values[Type] {
    const name = referenceOf(value);
    if (name !== undefined) {
      const typed = this.#typed.get(name);
      if (typed?.type === type) return typed.value as Values[Type];
      if (!this.#broken.has(name)) this.#break(name, { fault: 'WRONG_TYPE' });
      return NOTHING[type];
    }
    const literal = LITERALS[type];
    const reading = literal && readParameter({ type: literal }, value);
    if (reading && 'typed' in reading) return reading.typed.value as Values[Type];
    this.fault(path, 'MALFORMED', { given: value.slice(0, 80) });
    return NOTHING[type];
  }

  #break(name: string, problem: Omit<ParameterProblem, 'parameter'>): void {
    this.#broken.add(name);
    this.#problems.push({ parameter: name, ...problem });
  }

  #isBroken(value: Value): boolean {
    const name = referenceOf(value);
    return name !== undefined && this.#broken.has(name);
  }
}

/** The parameter that a value refers to; undefined for a literal. */
export function referenceOf(value: Value): string | undefined {
  return value.startsWith('$') ? value.slice(1) : undefined;
}

/** What a problem with a value is told of: the parameter, or the place of the literal. */
export function placeOf(value: Value, path: string): string {
  return referenceOf(value) ?? path;
}
