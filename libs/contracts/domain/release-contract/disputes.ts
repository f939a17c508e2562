import { get } from '#libs/kernel/collections/index.js';
import { epochMsOf } from '#libs/kernel/time/index.js';
import { addDuration } from '../calendar/index.js';
import type { DisputeOutcome } from '../terms/types.js';
import { bringUpToDate } from './accrual.js';
import { notCooling } from './approvals.js';
import { mayAct } from './authority.js';
import { beginClosing, giveAllBack, noticeOver, waive } from './ending.js';
import { atLeast, availableIn, frozenIn, heldBy, owedBy, owedOf } from './figures.js';
import type { ContractCommand, ContractRefusal, DisputeResolved, UnitRef } from './messages.js';
import { giveBack, pay, payAllOwed, settle } from './payouts.js';
import { closedFor, refuse } from './refusals.js';
import { emit, type Scratch } from './scratch.js';
import { isEnded, type Contract, type OpenDispute, type Unit } from './state.js';
import { unitKey } from './units.js';

type Command<Kind extends ContractCommand['kind']> = Extract<ContractCommand, { kind: Kind }>;

/** Objects to one unit in its notice, or to the whole contract. One dispute at a time. */
export function dispute(scratch: Scratch, command: Command<'dispute'>): ContractRefusal | undefined {
  const { state, at, calendar } = scratch;
  const { disputeId, subject, reasonCode, by } = command;
  const closed = closedFor(state);
  if (closed) return closed;
  if (state.status === 'drafted' || state.status === 'awaitingFunding') {
    return refuse('CONTRACT_NOT_ACTIVE', 'The contract has not been funded yet.');
  }
  const unauthorised = mayAct(state, by, state.terms.dispute.by);
  if (unauthorised) return unauthorised;
  if (state.dispute?.disputeId === disputeId) return undefined;
  if (state.disputes.includes(disputeId)) {
    return refuse('IDEMPOTENCY_CONFLICT', 'A dispute of this id has been resolved.');
  }
  if (state.dispute !== null) return refuse('DISPUTE_OPEN', 'Another dispute is open.');
  const refusal = subject === null ? undefined : notCooling(scratch, subject);
  if (refusal) return refusal;
  const scope = subject === null ? 'held' : state.terms.dispute.freeze;
  const deadline = addDuration(at, state.terms.dispute.timeout, calendar);
  const opened: OpenDispute = {
    disputeId,
    subject,
    scope,
    openedAt: at,
    deadline,
    expired: false,
    votes: [],
    before: 'active',
  };
  const frozenAmount = frozenIn({ ...state, dispute: opened });
  emit(scratch, 'DisputeOpened', {
    disputeId,
    role: by.role,
    subject,
    scope,
    frozenAmount,
    reasonCode,
    deadline,
  });
  return undefined;
}

/** Enough roles for one outcome resolve the dispute; until then a role may change its mind. */
export function vote(scratch: Scratch, command: Command<'vote'>): ContractRefusal | undefined {
  const { state } = scratch;
  const { disputeId, outcome, by } = command;
  const closed = closedFor(state);
  if (closed) return closed;
  if (state.dispute?.disputeId !== disputeId) return refuse('DISPUTE_NOT_FOUND', 'No such dispute is open.');
  const { k, of } = state.terms.dispute.resolve;
  const unauthorised = mayAct(state, by, of);
  if (unauthorised) return unauthorised;
  if (state.dispute.votes.some((one) => one.role === by.role && one.outcome === outcome)) {
    return refuse('ALREADY_VOTED', 'The role has voted so already.');
  }
  emit(scratch, 'VoteRecorded', { disputeId, role: by.role, outcome });
  const votes = scratch.state.dispute!.votes.filter((one) => one.outcome === outcome);
  if (votes.length >= k) resolve(scratch, outcome, 'vote');
  return undefined;
}

export function resolveByTimeout(scratch: Scratch): void {
  resolve(scratch, scratch.state.terms.dispute.default, 'timeout');
}

/** Deadlines of what stood still move on by the time it did. */
function resolve(scratch: Scratch, outcome: DisputeOutcome, how: DisputeResolved['data']['how']): void {
  const { subject } = scratch.state.dispute!;
  resolved(scratch, outcome, { how, ...figuresOf(scratch, outcome, how) });
  follow(scratch, subject, outcome);
}

function follow(scratch: Scratch, subject: UnitRef | null, outcome: DisputeOutcome): void {
  if (outcome === 'thaw') settle(scratch);
  else if (subject === null) resolveWhole(scratch, outcome);
  else resolveUnit(scratch, subject, outcome);
}

/** `release`: what is owed to its payees, the rest as the end says. `refund`: everything back to who funded. */
function resolveWhole(scratch: Scratch, outcome: 'release' | 'refund'): void {
  if (outcome === 'release') {
    if (scratch.state.status === 'active') bringUpToDate(scratch);
    payAllOwed(scratch);
  } else {
    giveAllBack(scratch);
  }
  if (!isEnded(scratch.state)) beginClosing(scratch, 'dispute');
}

/** The contract goes on. Money comes back only as far as nobody else is owed it. */
function resolveUnit(scratch: Scratch, { ruleId, dedupeKey }: UnitRef, outcome: 'release' | 'refund'): void {
  const unit = get(scratch.state.open, unitKey(ruleId, dedupeKey))!;
  if (outcome === 'release') {
    pay(scratch, [unit], availableIn(scratch.state));
    noticeOver(scratch, ruleId);
    return;
  }
  const refund = refundOf(scratch.state, unit);
  waive(scratch, unit, 'dispute');
  giveBack(scratch, refund, scratch.state.terms.funding.from, 'dispute');
  settle(scratch);
}

function refundOf(state: Contract, unit: Unit): bigint {
  const owed = owedOf(unit);
  const free = heldBy(state) - (owedBy(state) - owed);
  return atLeast(0n, owed < free ? owed : free);
}

/** What the outcome pays out and what it gives back, found by letting it happen on the side. */
function figuresOf(
  scratch: Scratch,
  outcome: DisputeOutcome,
  how: DisputeResolved['data']['how'],
): { readonly release: bigint; readonly refund: bigint } {
  const { state } = scratch;
  const { subject } = state.dispute!;
  if (outcome === 'thaw') return { release: 0n, refund: 0n };
  if (subject !== null) {
    const unit = get(state.open, unitKey(subject.ruleId, subject.dedupeKey))!;
    const held = heldBy(state);
    const owed = owedOf(unit);
    if (outcome === 'release') return { release: owed < held ? owed : held, refund: 0n };
    return { release: 0n, refund: refundOf(state, unit) };
  }
  // However many ticks it takes.
  if (outcome === 'refund') return { release: 0n, refund: heldBy(state) };
  const trial: Scratch = { ...scratch, events: [] };
  resolved(trial, outcome, { how, release: 0n, refund: 0n });
  resolveWhole(trial, outcome);
  return { release: trial.state.released - state.released, refund: trial.state.refunded - state.refunded };
}

function resolved(
  scratch: Scratch,
  outcome: DisputeOutcome,
  figures: Pick<DisputeResolved['data'], 'how' | 'release' | 'refund'>,
): void {
  const { disputeId, openedAt } = scratch.state.dispute!;
  const shiftMs = epochMsOf(scratch.at) - epochMsOf(openedAt);
  emit(scratch, 'DisputeResolved', { disputeId, outcome, ...figures, shiftMs });
}
