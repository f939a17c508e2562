import { checkAcknowledgements } from './acknowledgements.js';
import { Approvals } from './approvals.js';
import { checkBank } from './bank.js';
import { Bills } from './bills.js';
import { Cases } from './cases.js';
import { conclude } from './conclusion.js';
import { ContractAnswers } from './contract-answers.js';
import { ContractConduct } from './contract-conduct.js';
import { ContractUnits } from './contract-units.js';
import { Contracts } from './contracts.js';
import { type ExportedEvent, parseEvent } from './export.js';
import type { Folds } from './folds.js';
import { HardWallets } from './hard-wallets.js';
import { Holds } from './holds.js';
import { Ledger } from './ledger.js';
import { WalletLimits } from './limits.js';
import { OneTime } from './one-time.js';
import { type OpenWork, openWorkOf, readReasons } from './open-work.js';
import { HashChain, LogOrder } from './order-and-chain.js';
import { checkViews } from './views.js';
import { Payments } from './payments.js';
import { Payouts } from './payouts.js';
import { Purses } from './purses.js';
import { Quotes } from './quotes.js';
import { Receipts } from './receipts.js';
import { RefundFences } from './refund-fences.js';
import { Refunds } from './refunds.js';
import { Transfers } from './transfers.js';
import type { RuleResult, Verdict } from './verdict.js';

type Lines = AsyncIterable<string> | Iterable<string>;

export interface CheckInput {
  /** The exported log, one event per line, in log order. */
  readonly log: Lines;
  /** What was acknowledged while the log was written; absent: I1 is not judged. */
  readonly acknowledgements?: Lines;
  /** Rows of the views after the last event; absent: I6 is not judged. */
  readonly views?: Lines;
  /** Effects at the bank after the last event; absent: they are not judged. */
  readonly effects?: Lines;
  /** Why the product says that something is still open. */
  readonly reasons?: Lines;
  /** The product had finished what it had begun; default true. */
  readonly atRest?: boolean;
  /** When the log was at rest, ISO 8601; default: when its last event was recorded. */
  readonly restedAt?: string;
}

export interface CheckReport {
  readonly events: number;
  readonly payments: number;
  readonly captured: number;
  readonly refunds: number;
  readonly transfers: number;
  /** Neither at its end nor forgotten. */
  readonly open: readonly OpenWork[];
  readonly rules: readonly RuleResult[];
  /** Every rule looked at holds. */
  readonly holds: boolean;
}

interface Rule {
  observe(event: ExportedEvent): void;
}

/** In the order in which they look at an event: those that others ask come before them. */
function rulesOf() {
  const payments = new Payments();
  const transfers = new Transfers();
  const approvals = new Approvals();
  const fences = new RefundFences(payments);
  const contracts = new Contracts(payments);
  const payouts = new Payouts(contracts, payments);
  const refunds = new Refunds(payments, fences, approvals);
  const hardWallets = new HardWallets(payments);
  return {
    order: new LogOrder(),
    chain: new HashChain(),
    ledger: new Ledger(),
    payments,
    transfers,
    cases: new Cases(),
    approvals,
    fences,
    refunds,
    contracts,
    units: new ContractUnits(),
    conduct: new ContractConduct(),
    answers: new ContractAnswers(),
    payouts,
    hardWallets,
    bills: new Bills(),
    holds: new Holds(payments, transfers, hardWallets),
    purses: new Purses(payments, transfers, refunds),
    limits: new WalletLimits(payments),
    quotes: new Quotes(payments),
    oneTime: new OneTime(payments),
    receipts: new Receipts(payments, refunds),
  };
}

/**
 * Proves the invariants over an exported log. Reads it once, line by line; keeps some hundred bytes per stream.
 *
 * @throws UnreadableInput when a line is not what an export writes
 */
export async function checkLog(input: CheckInput): Promise<CheckReport> {
  const rules = rulesOf();
  const inOrder: readonly Rule[] = Object.values(rules);
  let events = 0;
  let recordedAt = '';
  for await (const line of input.log) {
    if (line === '') continue;
    events += 1;
    const event = parseEvent(line, events);
    for (const rule of inOrder) rule.observe(event);
    recordedAt = event.recordedAt;
  }
  const reasons = await readReasons(input.reasons ?? []);
  const open = openWorkOf(rules, reasons);
  const restedAt = input.restedAt ?? recordedAt;
  const verdicts = [
    ...standing(rules),
    ...conclude(rules, { atRest: input.atRest ?? true, restedAt, open, ledger: rules.ledger }),
    ...(await beside(input, rules, rules.ledger)),
  ];
  const results = verdicts.map((verdict) => verdict.result());
  const { payments, refunds, transfers } = rules;
  return {
    events,
    payments: payments.payments.size,
    captured: [...payments.payments.values()].filter(({ status }) => status === 'captured').length,
    refunds: refunds.refunds.size,
    transfers: transfers.transfers.size,
    open,
    rules: results.sort((a, b) => (a.invariant < b.invariant ? -1 : a.invariant > b.invariant ? 1 : 0)),
    holds: results.every(({ violations }) => violations === 0),
  };
}

/** What holds at every place of the log. */
function standing(rules: ReturnType<typeof rulesOf>): readonly Verdict[] {
  const { payments, bills, holds, ledger, refunds, transfers, approvals, purses, limits, receipts } = rules;
  return [
    payments.oneEffect,
    bills.notOverpaid,
    holds.verdict,
    ledger.balanced,
    ledger.covered,
    payments.lifecycle,
    bills.lifecycle,
    refunds.lifecycle,
    transfers.lifecycle,
    rules.cases.verdict,
    approvals.verdict,
    approvals.acts,
    refunds.approved,
    bills.figures,
    rules.chain.verdict,
    limits.verdict,
    limits.closed,
    limits.balance,
    rules.order.verdict,
    rules.hardWallets.verdict,
    rules.oneTime.verdict,
    purses.verdict,
    purses.credited,
    rules.quotes.verdict,
    receipts.gapless,
    receipts.truthful,
    receipts.cancelling,
    rules.fences.verdict,
    rules.contracts.custody,
    rules.contracts.conserved,
    rules.contracts.funding,
    rules.units.entitled,
    rules.units.paid,
    rules.units.spared,
    rules.conduct.timers,
    rules.conduct.agreed,
    rules.conduct.still,
    rules.payouts.verdict,
  ];
}

/** The log against what stands outside of it. */
async function beside(input: CheckInput, folds: Folds, ledger: Ledger): Promise<readonly Verdict[]> {
  const { acknowledgements, views, effects } = input;
  return [
    ...(acknowledgements ? [await checkAcknowledgements(acknowledgements, folds)] : []),
    ...(views ? [await checkViews(views, folds, ledger)] : []),
    ...(effects ? await checkBank(effects, folds, ledger) : []),
  ];
}
