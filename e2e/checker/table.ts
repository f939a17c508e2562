import type { CheckReport } from './check.js';

/** Shown of what is open; the rest is counted. */
const SHOWN = 20;

/** A table for people: invariant, rule, how much was looked at, verdict, and the first violation below it. */
export function tableOf({
  events,
  payments,
  captured,
  refunds,
  transfers,
  open,
  rules,
  holds,
}: CheckReport): string {
  const lines = rules.map(({ invariant, rule, checked, violations, first }) => {
    const verdict = violations === 0 ? 'holds' : `VIOLATED ${violations}×`;
    const row = `${invariant.padEnd(11)}${rule.padEnd(82)}${String(checked).padStart(10)}  ${verdict}`;
    return first === undefined ? row : `${row}\n           first: ${first}`;
  });
  const left = open
    .slice(0, SHOWN)
    .map(({ id, status, reason }) => `           ${id}: ${status}, ${reason ?? 'no reason given'}`);
  return [
    `${events} events, ${payments} payments, ${captured} captured, ${refunds} refunds, ${transfers} transfers`,
    '',
    `${'invariant'.padEnd(11)}${'rule'.padEnd(82)}${'checked'.padStart(10)}  verdict`,
    ...lines,
    '',
    ...(open.length === 0 ? [] : [`open       ${open.length}`, ...left, '']),
    holds ? 'Every invariant looked at holds.' : 'At least one invariant is violated.',
  ].join('\n');
}
