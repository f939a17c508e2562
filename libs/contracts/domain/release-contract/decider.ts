import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import { proposeAmendment, signAmendment, withdrawAmendment } from './amendments.js';
import { approve, confirm, draw, reveal } from './approvals.js';
import { claim, claimedBefore } from './claims.js';
import { dispute, vote } from './disputes.js';
import { draft } from './drafting.js';
import { MOST_TIMERS_PER_TICK, runDueTimers, runTimersMadeDue } from './due-timers.js';
import { conclude } from './ending.js';
import { attest } from './evidence.js';
import { evolve } from './evolve.js';
import { closeByAuthority } from './authority-closing.js';
import { deposit, fundingBefore, releaseFunding, reserveFunding } from './funding.js';
import type { ContractCommand, ContractEvent, ContractRefusal } from './messages.js';
import { refuse } from './refusals.js';
import type { Scratch } from './scratch.js';
import { sign, withdrawDraft } from './signing.js';
import type { Contract, ContractState } from './state.js';

type ContractDecision = Decision<ContractEvent, ContractRefusal>;

/**
 * A release contract: money in custody that moves only as its terms say.
 *
 * Everything due by the command's moment happens first, in order of time; then the command is decided on what came of it, and
 * whatever it made due happens too. All of that is one decision: refused commands leave nothing, not even the timers.
 */
export const contractDecider: Decider<ContractCommand, ContractState, ContractEvent, ContractRefusal> = {
  initial: { status: 'absent' },
  decide,
  evolve,
};

function decide(command: ContractCommand, state: ContractState): ContractDecision {
  if (command.kind === 'draft') return draft(command, state);
  if (state.status === 'absent') {
    return reject(refuse('CONTRACT_NOT_FOUND', 'There is no such contract.'));
  }
  const before = decidedBefore(command, state);
  if (before) return before;
  if (command.at < state.at) {
    return reject(refuse('CLOCK_REGRESSION', 'The clock stands before the last event.', { last: state.at }));
  }
  const { at, by, calendar } = command;
  const scratch: Scratch = { state, events: [], at, by, calendar };
  runDueTimers(scratch, command.kind === 'tick' ? MOST_TIMERS_PER_TICK : Infinity);
  const refusal = carryOut(scratch, command);
  if (refusal) return reject(refusal);
  conclude(scratch);
  if (command.kind !== 'tick') runTimersMadeDue(scratch);
  return accept(...scratch.events);
}

/** Repeats are answered as the first time whatever has become of the contract, and store nothing. */
function decidedBefore(command: ContractCommand, state: Contract): ContractDecision | undefined {
  if (command.kind === 'claim') {
    const before = claimedBefore(state, command);
    if (before === 'other') return conflict('Another claim has been made under this id.');
    return before && accept();
  }
  if (command.kind !== 'deposit' && command.kind !== 'reserveFunding' && command.kind !== 'releaseFunding') {
    return undefined;
  }
  switch (fundingBefore(state, command)) {
    case 'done':
      return accept();
    case 'conflict':
      return conflict('The same id stands for another amount.');
    case 'ended':
      return reject(refuse('PAYMENT_ENDED', 'The payment has ended without money.'));
    case 'new':
      return undefined;
  }
}

function conflict(message: string): ContractDecision {
  return reject(refuse('IDEMPOTENCY_CONFLICT', message));
}

function carryOut(
  scratch: Scratch,
  command: Exclude<ContractCommand, { kind: 'draft' }>,
): ContractRefusal | undefined {
  switch (command.kind) {
    case 'sign':
      return sign(scratch, command);
    case 'withdrawDraft':
      return withdrawDraft(scratch, command);
    case 'reserveFunding':
      return reserveFunding(scratch, command);
    case 'releaseFunding':
      return releaseFunding(scratch, command);
    case 'deposit':
      return deposit(scratch, command);
    case 'attest':
      return attest(scratch, command);
    case 'confirm':
      return confirm(scratch, command);
    case 'approve':
      return approve(scratch, command);
    case 'claim':
      return claim(scratch, command);
    case 'reveal':
      return reveal(scratch, command);
    case 'draw':
      return draw(scratch, command);
    case 'dispute':
      return dispute(scratch, command);
    case 'vote':
      return vote(scratch, command);
    case 'proposeAmendment':
      return proposeAmendment(scratch, command);
    case 'signAmendment':
      return signAmendment(scratch, command);
    case 'withdrawAmendment':
      return withdrawAmendment(scratch, command);
    case 'closeByAuthority':
      return closeByAuthority(scratch, command);
    case 'tick':
      return undefined;
    default:
      return assertNever(command, 'release contract command');
  }
}
