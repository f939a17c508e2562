import { Bills } from './bills.js';
import { conclude } from './conclusion.js';
import { type ExportedEvent, parseEvent } from './export.js';
import { Ledger } from './ledger.js';
import { HashChain, LogOrder } from './order-and-chain.js';
import { checkAcknowledgements, checkViews } from './outside.js';
import { Payments } from './payments.js';
import { Receipts } from './receipts.js';
import type { RuleResult } from './verdict.js';
import { Wallets } from './wallets.js';

type Lines = AsyncIterable<string> | Iterable<string>;

export interface CheckInput {
  /** The exported log, one event per line, in log order. */
  readonly log: Lines;
  /** What was acknowledged while the log was written; absent: I1 is not judged. */
  readonly acknowledgements?: Lines;
  /** Rows of the views after the last event; absent: I6 is not judged. */
  readonly views?: Lines;
  /** The product had finished what it had begun; default true. */
  readonly atRest?: boolean;
}

export interface CheckReport {
  readonly events: number;
  readonly payments: number;
  readonly captured: number;
  readonly rules: readonly RuleResult[];
  /** Every rule looked at holds. */
  readonly holds: boolean;
}

/**
 * Proves the invariants over an exported log. Reads it once, line by line; keeps some hundred bytes per stream.
 *
 * @throws UnreadableInput when a line is not what an export writes
 */
export async function checkLog({
  log,
  acknowledgements,
  views,
  atRest = true,
}: CheckInput): Promise<CheckReport> {
  const order = new LogOrder();
  const chain = new HashChain();
  const ledger = new Ledger();
  const payments = new Payments();
  const folds = {
    payments,
    bills: new Bills(),
    wallets: new Wallets(payments),
    receipts: new Receipts(payments),
  };
  // Payments come first: the others ask them whether a payment was captured by this place of the log.
  const rules: readonly { observe(event: ExportedEvent): void }[] = [
    order,
    chain,
    ledger,
    payments,
    folds.bills,
    folds.wallets,
    folds.receipts,
  ];
  let events = 0;
  for await (const line of log) {
    if (line === '') continue;
    events += 1;
    const event = parseEvent(line, events);
    for (const rule of rules) rule.observe(event);
  }
  const verdicts = [
    ...(acknowledgements ? [await checkAcknowledgements(acknowledgements, folds)] : []),
    payments.oneEffect,
    folds.bills.notOverpaid,
    folds.wallets.verdict,
    ...conclude(folds, atRest),
    ledger.balanced,
    ledger.covered,
    payments.lifecycle,
    folds.bills.lifecycle,
    ...(views ? [await checkViews(views, folds, ledger)] : []),
    chain.verdict,
    order.verdict,
    folds.receipts.gapless,
    folds.receipts.truthful,
  ];
  const results = verdicts.map((verdict) => verdict.result());
  return {
    events,
    payments: payments.payments.size,
    captured: [...payments.payments.values()].filter(({ status }) => status === 'captured').length,
    rules: results.sort((a, b) => (a.invariant < b.invariant ? -1 : a.invariant > b.invariant ? 1 : 0)),
    holds: results.every(({ violations }) => violations === 0),
  };
}

/** A table for people: invariant, rule, how much was looked at, verdict, and the first violation below it. */
export function tableOf({ events, payments, captured, rules, holds }: CheckReport): string {
  const lines = rules.map(({ invariant, rule, checked, violations, first }) => {
    const verdict = violations === 0 ? 'holds' : `VIOLATED ${violations}×`;
    const row = `${invariant.padEnd(11)}${rule.padEnd(76)}${String(checked).padStart(10)}  ${verdict}`;
    return first === undefined ? row : `${row}\n           first: ${first}`;
  });
  return [
    `${events} events, ${payments} payments, ${captured} captured`,
    '',
    `${'invariant'.padEnd(11)}${'rule'.padEnd(76)}${'checked'.padStart(10)}  verdict`,
    ...lines,
    '',
    holds ? 'Every invariant looked at holds.' : 'At least one invariant is violated.',
  ].join('\n');
}
