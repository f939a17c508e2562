import { InvalidInputError } from '#libs/kernel/errors/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { isZero, parseDuration } from '../calendar/index.js';
import type { LintFinding } from './findings.js';
import type { Template, Value } from './types.js';
import { conditionsOf } from './walk.js';

/** That the end comes after every deadline and min ≤ max, as literals or checks show; and that disputes take time. */
export function* lintOrder(template: Template): Generator<LintFinding> {
  const { funding, end, dispute } = template;
  const orders = ordersOf(template);
  if (!isShown(funding.min, funding.max, orders)) {
    const message = `Add a check: le [${funding.min}, ${funding.max}].`;
    yield { code: 'FUNDING_BOUNDS', path: '/funding', message };
  }
  for (const { path, value, what } of deadlinesOf(template)) {
    if (isShown(value, end.at, orders)) continue;
    const message = `Nothing shows that the end comes after ${what}; add a check: le [${value}, ${end.at}].`;
    yield { code: 'END_NOT_AFTER', path, message };
  }
  if (isNoTime(dispute.timeout)) {
    yield { code: 'DISPUTE_TIMEOUT', path: '/dispute/timeout', message: 'Votes on a dispute need time.' };
  }
}

interface Deadline {
  readonly path: string;
  readonly value: Value;
  readonly what: string;
}

function* deadlinesOf({ funding, rules }: Template): Generator<Deadline> {
  yield { path: '/funding/by', value: funding.by, what: 'the last moment to fund' };
  for (const [index, rule] of rules.entries()) {
    for (const { condition, path } of conditionsOf(rule.when, `/rules/${index}/when`)) {
      if ('at' in condition) yield { path: `${path}/at`, value: condition.at, what: `rule ${rule.id}` };
    }
    if ('linear' in rule.amount) {
      const path = `/rules/${index}/amount/linear/end`;
      yield { path, value: rule.amount.linear.end, what: `rule ${rule.id}` };
    }
  }
}

/** From each value those that checks show to be no less. */
type Orders = ReadonlyMap<Value, readonly Value[]>;

function ordersOf({ checks = [], rules }: Template): Orders {
  const orders = new Map<Value, Value[]>();
  const add = (one: Value, other: Value) => orders.set(one, [...(orders.get(one) ?? []), other]);
  for (const { le, lt, eq } of checks) {
    for (const pair of [le, lt, eq]) if (pair) add(...pair);
    if (eq) add(eq[1], eq[0]);
  }
  // Compiling refuses a linear amount that does not grow.
  for (const { amount } of rules) {
    if ('linear' in amount) add(amount.linear.start, amount.linear.end);
  }
  return orders;
}

function isShown(lower: Value, upper: Value, orders: Orders): boolean {
  const seen = new Set<Value>();
  const open = [lower];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (value === upper || isLess(value, upper)) return true;
    if (seen.has(value)) continue;
    seen.add(value);
    open.push(...(orders.get(value) ?? []));
    for (const other of orders.keys()) if (isLess(value, other)) open.push(other);
  }
  return false;
}

/** Of two literals. */
function isLess(one: Value, other: Value): boolean {
  const [a, b] = [literalOf(one), literalOf(other)];
  if (a === undefined || b === undefined || typeof a !== typeof b) return false;
  return a <= b;
}

const INTEGER = /^\d{1,18}$/;

function literalOf(value: Value): bigint | string | undefined {
  if (value.startsWith('$')) return undefined;
  if (INTEGER.test(value)) return BigInt(value);
  try {
    return parseInstant(value);
  } catch (error) {
    if (error instanceof InvalidInputError) return undefined;
    throw error;
  }
}

function isNoTime(value: Value): boolean {
  if (value.startsWith('$')) return false;
  try {
    return isZero(parseDuration(value));
  } catch (error) {
    if (error instanceof InvalidInputError) return false;
    throw error;
  }
}
