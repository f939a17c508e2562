import { valuesOf } from '#libs/kernel/collections/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { addDuration } from '../calendar/index.js';
import { compileTerms } from '../terms/index.js';
import type { Rule, Terms } from '../terms/types.js';
import { bringUpToDate } from './accrual.js';
import { mayAct } from './authority.js';
import { planOf } from './conditions.js';
import { partiesFault } from './drafting.js';
import { sameAmount } from './evolve-amendments.js';
import { atLeast, heldBy, owedBy, unsignedAmendmentIn } from './figures.js';
import type { ContractCommand, ContractRefusal, MomentTimer } from './messages.js';
import { activateIfFunded } from './funding.js';
import { giveBack, settle } from './payouts.js';
import { closedFor, frozen, refuse } from './refusals.js';
import { emit, type Scratch } from './scratch.js';
import { isEnded, type Contract, type RuleBook } from './state.js';
import { timerOfMoment } from './timers.js';

type Command<Kind extends ContractCommand['kind']> = Extract<ContractCommand, { kind: Kind }>;

/** A signer proposes new terms; one proposal at a time. */
export function proposeAmendment(
  scratch: Scratch,
  command: Command<'proposeAmendment'>,
): ContractRefusal | undefined {
  const { state } = scratch;
  const { amendmentId, template, templateHash, params, reason, docHash, by } = command;
  const refusal = notAmendable(state) ?? mayAct(state, by, state.terms.signers);
  if (refusal) return refusal;
  if (state.amendment?.amendmentId === amendmentId) return undefined;
  if (state.amendments.includes(amendmentId)) {
    return refuse('IDEMPOTENCY_CONFLICT', 'There has been an amendment of this id.');
  }
  if (state.amendment !== null) return refuse('AMENDMENT_OPEN', 'Another amendment waits for signatures.');
  const compiled = compileTerms(template, templateHash, params);
  if (!compiled.accepted) return compiled.rejection;
  const impossible = notPossible(scratch, compiled.value);
  if (impossible) return impossible;
  emit(scratch, 'AmendmentProposed', { amendmentId, template, templateHash, params, reason, docHash });
  return undefined;
}

function notAmendable(state: Contract): ContractRefusal | undefined {
  switch (state.status) {
    case 'drafted':
      return refuse('CONTRACT_NOT_SIGNED', 'A draft is replaced by another, not amended.');
    case 'frozen':
      return frozen();
    case 'closing':
      return refuse('CONTRACT_CLOSING', 'The contract takes nothing new; it only pays what is owed.');
    case 'awaitingFunding':
    case 'active':
    case 'completed':
    case 'cancelled':
    case 'refunded':
    case 'expired':
      return closedFor(state);
    default:
      return assertNever(state.status, 'status');
  }
}

/** With the last signature the new terms take effect; what they no longer need goes back to who funded. */
export function signAmendment(
  scratch: Scratch,
  command: Command<'signAmendment'>,
): ContractRefusal | undefined {
  const { state } = scratch;
  const { amendmentId, role, signature, by } = command;
  const { amendment } = state;
  const refusal = notAmendable(state);
  if (refusal) return refusal;
  if (amendment?.amendmentId !== amendmentId) {
    return refuse('AMENDMENT_NOT_FOUND', 'No such amendment waits for signatures.');
  }
  const missing = unsignedAmendmentIn(state);
  if (by.role !== role || !(missing.includes(role) || amendment.signed.includes(role))) {
    return refuse('NOT_AUTHORISED', 'Nobody signs for another role, nor for one that does not sign.');
  }
  const unauthorised = mayAct(state, by, [role]);
  if (unauthorised) return unauthorised;
  if (signature.docHash !== amendment.docHash) {
    return refuse('WRONG_DOCUMENT', 'The signature is over another document than this amendment.');
  }
  if (amendment.signed.includes(role)) return undefined;
  emit(scratch, 'AmendmentSigned', { amendmentId, role, signature });
  return missing.length === 1 ? takeEffect(scratch) : undefined;
}

export function withdrawAmendment(
  scratch: Scratch,
  { amendmentId, by }: Command<'withdrawAmendment'>,
): ContractRefusal | undefined {
  const { state } = scratch;
  const closed = closedFor(state);
  if (closed) return closed;
  if (state.amendment?.amendmentId !== amendmentId) {
    return refuse('AMENDMENT_NOT_FOUND', 'No such amendment waits for signatures.');
  }
  const unauthorised = mayAct(state, by, [...state.terms.signers, ...state.amendment.terms.signers]);
  if (unauthorised) return unauthorised;
  emit(scratch, 'AmendmentWithdrawn', { amendmentId });
  return undefined;
}

function takeEffect(scratch: Scratch): ContractRefusal | undefined {
  if (scratch.state.activatedAt !== null) bringUpToDate(scratch);
  const { state } = scratch;
  if (isEnded(state) || state.amendment === null)
    return refuse('AMENDMENT_NOT_POSSIBLE', 'The contract has ended.');
  const { amendmentId, terms, docHash } = state.amendment;
  const impossible = notPossible(scratch, terms);
  if (impossible) return impossible;
  const endsAt = terms.end.at === state.terms.end.at ? state.endsAt : terms.end.at;
  const timers = state.activatedAt === null ? [] : timersOf(scratch, terms, state.activatedAt);
  emit(scratch, 'ContractAmended', { amendmentId, fromHash: state.docHash, toHash: docHash, endsAt, timers });
  giveBack(scratch, surplusOf(scratch.state), terms.funding.from, 'amendment');
  settle(scratch);
  activateIfFunded(scratch);
  return undefined;
}

/** Paid in beyond the new maximum, as far as nobody is owed it. A contract that is topped up keeps what it holds. */
function surplusOf(state: Contract): bigint {
  const { mode, max } = state.terms.funding;
  if (mode === 'topup') return 0n;
  const beyond = state.funded - state.givenBack - max;
  const free = heldBy(state) - owedBy(state);
  return atLeast(0n, beyond < free ? beyond : free);
}

/** Moments that stay as they are keep their place in time, shifts included; those that have come true stay true. */
function timersOf({ state, calendar }: Scratch, terms: Terms, activatedAt: Instant): readonly MomentTimer[] {
  return terms.rules.flatMap((rule) => {
    const index = state.terms.rules.findIndex(({ id }) => id === rule.id);
    return planOf(rule).moments.flatMap((moment, nth) => {
      const timerId = timerOfMoment(rule.id, nth);
      const before = state.plans[index]?.moments[nth];
      const known = state.rules[index]?.moments[nth];
      if (before && known && JSON.stringify(before) === JSON.stringify(moment)) {
        return known.fired ? [] : [{ timerId, dueAt: known.dueAt }];
      }
      const dueAt = moment.kind === 'at' ? moment.at : addDuration(activatedAt, moment.after, calendar);
      return [{ timerId, dueAt }];
    });
  });
}

/** What is earned stays earned, and nothing under way is broken: whatever cannot keep to that is refused. */
function notPossible({ state, at }: Scratch, terms: Terms): ContractRefusal | undefined {
  const not = (why: string, rule = ''): ContractRefusal =>
    refuse('AMENDMENT_NOT_POSSIBLE', why, rule ? { rule } : undefined);
  const { funding } = state.terms;
  if (state.dispute !== null) return refuse('DISPUTE_OPEN', 'A dispute is open.');
  if (state.reserved.length > 0) return not('A payment is under way.');
  if (terms.asset !== state.terms.asset) return not('The asset cannot change.');
  if (terms.funding.from !== funding.from || terms.funding.mode !== funding.mode) {
    return not('Who funds and how cannot change.');
  }
  if (partiesFault(state, terms)) return not('The parties do not fill the new roles.');
  if (terms.end.at <= at || (state.activatedAt === null && terms.funding.by <= at)) {
    return not('The contract would be over at once.');
  }
  for (const [index, book] of state.rules.entries()) {
    const next = terms.rules.find(({ id }) => id === book.ruleId);
    const why = ruleFault(state, { book, before: state.terms.rules[index]!, next });
    if (why) return not(why, book.ruleId);
  }
  return undefined;
}

function ruleFault(
  state: Contract,
  { book, before, next }: { readonly book: RuleBook; readonly before: Rule; readonly next: Rule | undefined },
): string | undefined {
  const open = [...valuesOf(state.open)].some(({ ruleId }) => ruleId === book.ruleId);
  if (!next) return open ? 'Units of a rule that goes are still open.' : undefined;
  const untouched = !open && book.accruals === 0 && book.reading === null;
  if (untouched) return undefined;
  if (next.amount.kind !== before.amount.kind)
    return 'The way of reckoning cannot change once something is earned.';
  if (open && (next.do !== before.do || JSON.stringify(next.to) !== JSON.stringify(before.to))) {
    return 'Units for the former payees are still open.';
  }
  // Which of its conditions a unit's evidence fulfils is known by their places.
  if (open && JSON.stringify(planOf(next).attested) !== JSON.stringify(planOf(before).attested)) {
    return 'Units with evidence under the former conditions are still open.';
  }
  if (next.cap !== null && next.cap < book.entitled) return 'More than the new cap is earned.';
  if (sameAmount(before.amount, next.amount)) return undefined;
  if (next.amount.kind === 'metered' && someWait(state, book.ruleId)) return 'Readings wait to be accepted.';
  return amountFault(next.amount, book);
}

function someWait({ open }: Contract, ruleId: string): boolean {
  return [...valuesOf(open)].some((unit) => unit.ruleId === ruleId && unit.status === 'waiting');
}

function amountFault(amount: Rule['amount'], { entitled, accruals }: RuleBook): string | undefined {
  switch (amount.kind) {
    case 'perUnit':
      if (amount.units < BigInt(accruals)) return 'More units are earned than there would be.';
      return amount.total < entitled ? 'More than the new total is earned.' : undefined;
    case 'tranches':
      return amount.amounts.length < accruals ? 'More tranches are earned than there would be.' : undefined;
    case 'linear':
      return amount.total < entitled ? 'More than the new total is earned.' : undefined;
    case 'fixed':
    case 'metered':
    case 'evidence':
    case 'claim':
    case 'remaining':
      return undefined;
    default:
      return assertNever(amount, 'amount');
  }
}
