import { get, sizeOf, valuesOf } from '#libs/kernel/collections/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import { afterAccrual, nextEntitlement, payableAfter, prepareFor } from './accrual.js';
import { fulfilledBy, holds } from './conditions.js';
import { freshUnit, withEvidence } from './evolve-units.js';
import { factsOf } from './facts.js';
import { ruleIndexOf, ruleStandsStill } from './figures.js';
import type { CheckedSignature, ContractCommand, ContractRefusal, EvidenceStatement } from './messages.js';
import { frozen, notInForce, refuse } from './refusals.js';
import { emit, type Scratch } from './scratch.js';
import type { Contract, Unit } from './state.js';
import type { Attestor } from '../terms/types.js';
import { unitKey } from './units.js';
import { compareDecimals } from './values.js';

type Attest = Extract<ContractCommand, { kind: 'attest' }>;

/** How far an attestor's clock may be ahead. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Units of a contract that wait while a moment or a secret may make all of a rule earned at once: each takes some 1 KB, 1.6 KB with
 * the longest key, and one append holds 1 MiB.
 */
const MOST_WAITING = 300;

/**
 * Takes evidence that an attestor of the rule has signed. Evidence for a unit that has some already is told apart: the very same,
 * or other. Approvals and moments that the rule needs beside it may come before or after.
 */
export function attest(scratch: Scratch, command: Attest): ContractRefusal | undefined {
  const { state } = scratch;
  const { statement } = command;
  const index = ruleIndexOf(state, statement.rule);
  const refusal = notInForce(state) ?? notTaken(state, index, statement.rule);
  if (refusal) return refusal;
  const found = attestorOf(state, index, command);
  if (typeof found !== 'string') return found;
  const known = get(state.open, unitKey(statement.rule, statement.dedupeKey));
  const refused = seenBefore(state, command, found) ?? outOfTime(scratch, statement);
  if (refused) return refused;
  const unit = withEvidence(
    state,
    known ?? freshUnit(state, { ruleId: statement.rule, dedupeKey: statement.dedupeKey }),
    statement,
    found,
  );
  const unfit = unfitFor(state, index, { statement, attestor: found, unit, known });
  if (unfit) return unfit;
  // Open, or paid or waived since: whichever attestor spoke first, one unit is earned once.
  if (known ? known.status !== 'waiting' : get(state.seen, unitKey(statement.rule, statement.dedupeKey))) {
    return refuse('EVIDENCE_CONFLICT', 'The unit has been earned without this evidence.');
  }
  return accept(scratch, index, { command, attestor: found, unit });
}

function notTaken(state: Contract, index: number, ruleId: string): ContractRefusal | undefined {
  if (index < 0) return refuse('RULE_NOT_FOUND', `The contract has no rule ${ruleId}.`);
  if (state.plans[index]!.attested.length === 0) {
    return refuse('RULE_NOT_APPLICABLE', `The rule ${ruleId} takes no evidence.`);
  }
  return ruleStandsStill(state, ruleId) ? frozen() : undefined;
}

/** The attestor whose evidence this is and enough of whose keys have signed it. */
function attestorOf(
  state: Contract,
  index: number,
  { statement, signatures }: Attest,
): string | ContractRefusal {
  const plan = state.plans[index]!;
  const of =
    statement.contractId === state.contractId && statement.dedupeKey !== ''
      ? [...new Set(plan.attested.map(({ by }) => by))].filter(
          (by) => fulfilledBy(statement, by, plan, state.terms).length > 0,
        )
      : [];
  if (of.length === 0) {
    return refuse(
      'EVIDENCE_NOT_FOR_RULE',
      'The evidence is not what the rule asks for: schema, unit or contents differ.',
    );
  }
  let refusal: ContractRefusal | undefined;
  for (const by of of) {
    refusal = unsigned(state.terms.attestors[by]!, signatures);
    if (!refusal) return by;
  }
  return refusal!;
}

function unsigned(
  { keys, k }: Attestor,
  signatures: readonly CheckedSignature[],
): ContractRefusal | undefined {
  const signers = new Set<string>();
  for (const { keyId, alg } of signatures) {
    if (!keys.some((key) => key.keyId === keyId && key.alg === alg)) {
      return refuse('BAD_SIGNATURE', 'A signature is not of one of the attestor’s keys.', { keyId });
    }
    signers.add(keyId);
  }
  if (signers.size >= k) return undefined;
  return refuse('NOT_ENOUGH_SIGNATURES', `${k} different keys of the attestor must sign.`, {
    needed: String(k),
    given: String(signers.size),
  });
}

function seenBefore(
  state: Contract,
  { statement, statementHash }: Attest,
  attestor: string,
): ContractRefusal | undefined {
  const seen = get(state.seen, unitKey(statement.rule, statement.dedupeKey));
  const before = seen?.evidence.find((one) => one.attestor === attestor);
  if (!before) return undefined;
  return before.statementHash === statementHash
    ? refuse('DUPLICATE', 'This evidence is in the log already.')
    : refuse('EVIDENCE_CONFLICT', 'Other evidence for the same unit is in the log already.');
}

function outOfTime({ state, at }: Scratch, { observedAt }: EvidenceStatement): ContractRefusal | undefined {
  if (observedAt > at && observedAt > addMs(at, CLOCK_SKEW_MS)) {
    return refuse('EVIDENCE_FROM_THE_FUTURE', 'The evidence was observed after now.', { observedAt });
  }
  // Observed ahead of our clock counts as now, which is never before the contract was in force.
  if (observedAt < state.activatedAt!) {
    return refuse('EVIDENCE_TOO_OLD', 'The evidence was observed before the contract was in force.', {
      observedAt,
    });
  }
  return undefined;
}

/** What the amount reads in the payload must be there, be alike in all evidence for the unit, and not go back. */
function unfitFor(
  state: Contract,
  index: number,
  given: {
    readonly statement: EvidenceStatement;
    readonly attestor: string;
    readonly unit: Unit;
    readonly known: Unit | undefined;
  },
): ContractRefusal | undefined {
  const { unit, known } = given;
  const { amount } = state.terms.rules[index]!;
  const needed = amount.kind === 'metered' ? unit.reading : amount.kind === 'evidence' ? unit.value : 0n;
  // Where several attestors speak of one unit, any of them may bring the figure.
  const earned = holds(state.terms.rules[index]!.when, factsOf(state, index, unit));
  if (needed === null && (earned || state.plans[index]!.attested.length === 1)) {
    return refuse(
      'EVIDENCE_NOT_FOR_RULE',
      'The figure that the rule reads is not in the evidence, or is none.',
    );
  }
  if (known && contradicts(state, known, given)) {
    return refuse(
      'EVIDENCE_CONFLICT',
      'Evidence with another figure for the same unit is in the log already.',
    );
  }
  const { reading } = state.rules[index]!;
  if (unit.reading && !known && reading && compareDecimals(unit.reading, reading) < 0) {
    return refuse('EVIDENCE_OUT_OF_ORDER', 'A higher reading is in the log already.');
  }
  return undefined;
}

function contradicts(
  state: Contract,
  known: Unit,
  { statement, attestor }: { readonly statement: EvidenceStatement; readonly attestor: string },
): boolean {
  const { value, reading } = withEvidence(
    state,
    { ...known, value: null, reading: null },
    statement,
    attestor,
  );
  if (value !== null && known.value !== null && value !== known.value) return true;
  return reading !== null && known.reading !== null && compareDecimals(reading, known.reading) !== 0;
}

/** Whether the rule is one whose units may all come true at once, and no more of them may wait. */
function waitsForAll({ plans, open }: Contract, index: number): boolean {
  const comesForAll = ({ moments, secrets }: Contract['plans'][number]) =>
    moments.length + secrets.length > 0;
  if (sizeOf(open) < MOST_WAITING || !comesForAll(plans[index]!)) return false;
  let waiting = 0;
  for (const { status } of valuesOf(open)) if (status === 'waiting') waiting += 1;
  return waiting >= MOST_WAITING;
}

function accept(
  scratch: Scratch,
  index: number,
  { command, attestor, unit }: { readonly command: Attest; readonly attestor: string; readonly unit: Unit },
): ContractRefusal | undefined {
  const rule = scratch.state.terms.rules[index]!;
  const earned = holds(rule.when, factsOf(scratch.state, index, unit));
  if (!earned && waitsForAll(scratch.state, index)) {
    return refuse('EXCEEDS_UNITS', 'Too many units wait for the same moment or secret.', {
      most: String(MOST_WAITING),
    });
  }
  if (earned) prepareFor(scratch, rule);
  const { state } = scratch;
  if (state.status !== 'active') return notInForce(state);
  const before = state.rules[index]!.entitled;
  const after = nextEntitlement(state, index, unit);
  if (after === null) return refuse('EXCEEDS_UNITS', 'All units of the rule have been earned.');
  const { evidenceId, statement, statementHash, signatures } = command;
  emit(scratch, 'EvidenceAccepted', {
    evidenceId,
    attestor,
    statement,
    statementHash,
    signatures,
    entitlementBefore: before,
    entitlementAfter: earned ? after : before,
    payableAt: earned ? payableAfter(scratch, rule) : null,
  });
  if (earned) afterAccrual(scratch, rule);
  return undefined;
}
