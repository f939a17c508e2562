import { addDuration, compareDurations, WEEKDAYS } from '../calendar/index.js';
import type { CheckTerms, Value } from '../template/types.js';
import type { ParameterProblem } from './problems.js';
import type { Typed } from './read-parameter.js';
import { placeOf, type Scope } from './scope.js';

/** The conditions that a template sets its parameters: `le`, `lt`, `eq` of two values of one type, `within` a duration. */
export function evaluateChecks(checks: readonly CheckTerms[], scope: Scope): void {
  checks.forEach((check, index) => {
    const path = `checks/${index}`;
    if (check.le) compare(check.le, '≤', (order) => order <= 0);
    if (check.lt) compare(check.lt, '<', (order) => order < 0);
    if (check.eq) compare(check.eq, '=', (order) => order === 0);
    if (check.within) within(check.within);

    function compare(
      [value, bound]: readonly [Value, Value],
      sign: string,
      holds: (order: number) => boolean,
    ): void {
      const [one, other] = [scope.any(value, path), scope.any(bound, path)];
      if (!one || !other) return;
      const order = orderOf(one, other);
      // Lengths that depend on the calendar, such as a month against 30 days, prove nothing.
      if (order !== undefined && holds(order)) return;
      scope.demand(false, [value, bound], () => failed(value, `${sign} ${scope.written(bound)}`));
    }

    function within([since, value, most]: readonly [Value, Value, Value]): void {
      const [from, until] = [scope.time(since, path), scope.time(value, path)];
      const latest = addDuration(from, scope.duration(most, path), WEEKDAYS);
      scope.demand(until <= latest, [since, value, most], () => failed(value, `≤ ${latest}`));
    }

    function failed(value: Value, allowed: string): ParameterProblem {
      const { text } = check;
      const given = scope.written(value);
      return { parameter: placeOf(value, path), fault: 'CHECK_FAILED', given, allowed, text };
    }
  });
}

function orderOf(one: Typed, other: Typed): number | undefined {
  if (one.type === 'integer' && other.type === 'integer') return sign(one.value, other.value);
  if (one.type === 'time' && other.type === 'time') return sign(one.value, other.value);
  if (one.type === 'duration' && other.type === 'duration') return compareDurations(one.value, other.value);
  if (one.type === 'ratio' && other.type === 'ratio') {
    const [a, b] = [one.value, other.value];
    return sign(a.numerator * b.denominator, b.numerator * a.denominator);
  }
  return one.type === 'text' && other.type === 'text' && one.value === other.value ? 0 : undefined;
}

function sign<T extends bigint | string>(one: T, other: T): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
