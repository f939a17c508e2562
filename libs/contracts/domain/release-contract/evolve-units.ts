import { get, set } from '#libs/kernel/collections/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { Bare } from './bare-event.js';
import { fulfilledBy } from './conditions.js';
import { bookOf, ruleIndexOf, unitStandsStill } from './figures.js';
import { impossible } from './impossible.js';
import type { EvidenceStatement, UnitRef } from './messages.js';
import type { Contract, Unit } from './state.js';
import { unitKey, withBook, withUnit } from './units.js';
import { at, compareDecimals, parseMinorUnits, parseReading } from './values.js';

export function freshUnit(state: Contract, { ruleId, dedupeKey }: UnitRef): Unit {
  return {
    ruleId,
    dedupeKey,
    order: state.unitCount,
    status: 'waiting',
    amount: 0n,
    paid: 0n,
    payableAt: null,
    attested: [],
    value: null,
    reading: null,
    approvals: [],
    claimAccount: null,
  };
}

/** The unit with what this evidence adds to it. Used to decide as well as to fold. */
export function withEvidence(
  state: Contract,
  unit: Unit,
  statement: EvidenceStatement,
  attestor: string,
): Unit {
  const index = ruleIndexOf(state, statement.rule);
  const { amount } = state.terms.rules[index]!;
  const fulfilled = fulfilledBy(statement, attestor, state.plans[index]!, state.terms);
  return {
    ...unit,
    attested: unit.attested.length === 0 ? fulfilled : [...unit.attested, ...fulfilled],
    value:
      unit.value ??
      (amount.kind === 'evidence' ? parseMinorUnits(at(statement.payload, amount.pointer)) : null),
    reading:
      unit.reading ??
      (amount.kind === 'metered' ? parseReading(at(statement.payload, amount.reading)) : null),
  };
}

export function evidenceAccepted(state: Contract, data: Bare<'EvidenceAccepted'>): Contract {
  const { statement, statementHash, attestor, entitlementBefore, entitlementAfter, payableAt } = data;
  const { rule: ruleId, dedupeKey } = statement;
  const key = unitKey(ruleId, dedupeKey);
  const before = get(state.open, key);
  const seen = get(state.seen, key);
  if (seen?.evidence.some((one) => one.attestor === attestor))
    throw impossible('EvidenceAccepted', 'twice for one unit');
  const unit = withEvidence(state, before ?? freshUnit(state, { ruleId, dedupeKey }), statement, attestor);
  const index = ruleIndexOf(state, ruleId);
  const book = state.rules[index]!;
  const highest =
    unit.reading !== null && (book.reading === null || compareDecimals(unit.reading, book.reading) > 0)
      ? unit.reading
      : book.reading;
  const noted = {
    ...withBook(state, index, { reading: highest }),
    unitCount: before ? state.unitCount : state.unitCount + 1,
    seen: set(state.seen, key, {
      evidence: [...(seen?.evidence ?? []), { attestor, statementHash }],
      claim: seen?.claim ?? null,
    }),
  };
  if (payableAt === null) return withUnit(noted, before, unit, false);
  return accrue(noted, before, { ...unit, payableAt }, [entitlementBefore, entitlementAfter, data.at]);
}

export function accrued(state: Contract, data: Bare<'EntitlementAccrued'>): Contract {
  const { ruleId, dedupeKey, payableAt, claim } = data;
  const key = unitKey(ruleId, dedupeKey);
  const before = get(state.open, key);
  const unit = { ...(before ?? freshUnit(state, data)), payableAt, claimAccount: claim?.account ?? null };
  const noted: Contract = {
    ...state,
    unitCount: before ? state.unitCount : state.unitCount + 1,
    seen: claim
      ? set(state.seen, key, {
          evidence: [],
          claim: claimText({ ...claim, amount: data.after - data.before }),
        })
      : state.seen,
  };
  return accrue(noted, before, unit, [data.before, data.after, data.at]);
}

/** Two claims under one id are the same claim if these agree. */
export function claimText(claim: {
  readonly amount: bigint;
  readonly spend: bigint;
  readonly merchantId: string;
  readonly mcc: string;
  readonly account: string;
}): string {
  const { amount, spend, merchantId, mcc, account } = claim;
  return [amount, spend, mcc, account, merchantId].join(' ');
}

function accrue(
  state: Contract,
  before: Unit | undefined,
  unit: Unit,
  [from, to, now]: readonly [bigint, bigint, Instant],
): Contract {
  const { ruleId, dedupeKey, payableAt } = unit;
  const index = ruleIndexOf(state, ruleId);
  const book = state.rules[index]!;
  if (before && before.status !== 'waiting')
    throw impossible(`An accrual of ${ruleId}`, 'twice for one unit');
  if (from !== book.entitled || to < from)
    throw impossible(`An accrual of ${ruleId}`, 'that does not follow');
  const next = withBook(state, index, {
    entitled: to,
    accruals: book.accruals + 1,
    bareAccrued: book.bareAccrued || dedupeKey === '',
  });
  const status = payableAt! <= now ? 'payable' : 'cooling';
  return withUnit(next, before, { ...unit, status, amount: to - from }, unitStandsStill(state, unit));
}

export function confirmed(
  state: Contract,
  { ruleId, dedupeKey, at: now }: Bare<'AccrualConfirmed'>,
): Contract {
  return madePayable(state, { ruleId, dedupeKey }, now);
}

/** Notice is over: the unit is paid as soon as there is money. */
export function madePayable(state: Contract, { ruleId, dedupeKey }: UnitRef, at: Instant): Contract {
  const unit = get(state.open, unitKey(ruleId, dedupeKey));
  if (unit?.status !== 'cooling') throw impossible('A payout', 'of a unit that is not in notice');
  const payable: Unit = { ...unit, status: 'payable', payableAt: at };
  return withUnit(state, unit, payable, unitStandsStill(state, unit));
}

export function approvalRecorded(
  state: Contract,
  { unit: ref, role, decision }: Bare<'ApprovalRecorded'>,
): Contract {
  const before = get(state.open, unitKey(ref.ruleId, ref.dedupeKey));
  const unit = before ?? freshUnit(state, ref);
  if (unit.status !== 'waiting') throw impossible('ApprovalRecorded', 'for a unit that is earned');
  const approvals = [...unit.approvals.filter((approval) => approval.role !== role), { role, decision }];
  const noted = before ? state : { ...state, unitCount: state.unitCount + 1 };
  return withUnit(noted, before, { ...unit, approvals }, false);
}

export function secretRevealed(state: Contract, { ruleId, preimageHash }: Bare<'SecretRevealed'>): Contract {
  const { revealed } = bookOf(state, ruleId);
  return withBook(state, ruleIndexOf(state, ruleId), { revealed: [...revealed, preimageHash] });
}
