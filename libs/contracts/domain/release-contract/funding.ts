import { get } from '#libs/kernel/collections/index.js';
import { posting } from '#libs/kernel/money/index.js';
import { addDuration } from '../calendar/index.js';
import { atLeast, fundable, heldBy, reservedIn } from './figures.js';
import type { ContractCommand, ContractRefusal, MomentTimer } from './messages.js';
import { settle } from './payouts.js';
import { closedFor, frozen, refuse } from './refusals.js';
import { emit, type Scratch } from './scratch.js';
import { isEnded, type Contract } from './state.js';
import { timerOfMoment } from './timers.js';

type Command<Kind extends ContractCommand['kind']> = Extract<ContractCommand, { kind: Kind }>;

export function reserveFunding(
  scratch: Scratch,
  { paymentId, amount }: Command<'reserveFunding'>,
): ContractRefusal | undefined {
  const refusal = noRoomFor(scratch.state, amount);
  if (refusal) return refusal;
  emit(scratch, 'FundingReserved', { paymentId, amount });
  return undefined;
}

/** Whether the amount may be paid in now. */
function noRoomFor(state: Contract, amount: bigint): ContractRefusal | undefined {
  const closed = closedFor(state);
  if (closed) return closed;
  if (state.status === 'drafted') return refuse('CONTRACT_NOT_SIGNED', 'Not everybody has signed yet.');
  if (state.status === 'frozen') return frozen();
  const room = fundable(state);
  if (room === null) return refuse('FUNDING_CLOSED', 'The contract takes no money any more.');
  if (amount > room.max) {
    return refuse('EXCEEDS_MAX_FUNDING', 'The contract does not take that much now.', {
      max: room.max.toString(),
    });
  }
  if (amount < room.min) {
    return refuse('BELOW_MIN_FUNDING', 'The contract asks for more.', { min: room.min.toString() });
  }
  return undefined;
}

/**
 * Another contract has paid it already, so that whatever is refused here lies between the two. A contract in force takes it as long as
 * it holds no more than its maximum, however it was funded (money that it paid out itself comes back to it so), and while a
 * dispute keeps everything held from moving the money waits with it.
 */
function noRoomIn(state: Contract, amount: bigint): ContractRefusal | undefined {
  const status = state.status === 'frozen' ? state.dispute?.before : state.status;
  if (status !== 'active') return noRoomFor(state, amount);
  const max = state.terms.funding.max - heldBy(state) - reservedIn(state);
  if (amount <= max) return undefined;
  const details = { max: atLeast(0n, max).toString() };
  return refuse('EXCEEDS_MAX_FUNDING', 'The contract does not hold that much at once.', details);
}

/** The payment is over without money; it cannot reserve again. */
export function releaseFunding(scratch: Scratch, { paymentId }: Command<'releaseFunding'>): undefined {
  // A timer may have ended the contract meanwhile; then nothing is reserved there.
  if (!isEnded(scratch.state)) emit(scratch, 'FundingReleased', { paymentId });
}

/** What has been done before under the ids of the command; `conflict`: with another amount. */
export function fundingBefore(
  state: Contract,
  command: Command<'reserveFunding' | 'releaseFunding' | 'deposit'>,
): 'done' | 'conflict' | 'ended' | 'new' {
  switch (command.kind) {
    case 'deposit': {
      const before = get(state.deposits, command.depositId);
      if (before !== undefined) return before === command.amount ? 'done' : 'conflict';
      const { source } = command;
      const fate = source.kind === 'payment' ? get(state.payments, source.paymentId) : undefined;
      if (fate?.kind === 'ended') return 'ended';
      return fate && (fate.kind === 'deposited' || fate.amount !== command.amount) ? 'conflict' : 'new';
    }
    case 'reserveFunding': {
      const fate = get(state.payments, command.paymentId);
      if (!fate) return 'new';
      if (fate.kind === 'ended') return 'ended';
      return fate.amount === command.amount ? 'done' : 'conflict';
    }
    case 'releaseFunding': {
      const fate = get(state.payments, command.paymentId);
      return fate && fate.kind !== 'reserved' ? 'done' : 'new';
    }
  }
}

/** Money that was reserved for is never refused; other money must fit. */
export function deposit(scratch: Scratch, command: Command<'deposit'>): ContractRefusal | undefined {
  const { depositId, source, amount, asset: brought } = command;
  const { state } = scratch;
  const { asset } = state.terms;
  // Room for another asset there is none.
  if (brought !== undefined && brought !== asset) {
    return refuse('EXCEEDS_MAX_FUNDING', `The contract takes ${asset} only.`);
  }
  const reserved =
    source.kind === 'payment' && state.reserved.some(({ paymentId }) => paymentId === source.paymentId);
  const noRoom = source.kind === 'contract' ? noRoomIn : noRoomFor;
  const refusal = reserved ? undefined : noRoom(state, amount);
  if (refusal) return refusal;
  const postings = [posting('clearing:funding', `custody:${state.contractId}`, { asset, amount })];
  emit(scratch, 'FundsDeposited', { depositId, source, amount, postings });
  // While a dispute keeps everything held from moving, the money waits with it; while the contract closes, it pays what is owed, and the
  // rest goes back at the end of this very decision.
  if (scratch.state.status === 'active') settle(scratch);
  else activateIfFunded(scratch);
  return undefined;
}

export function activateIfFunded(scratch: Scratch): void {
  const { state } = scratch;
  if (state.status !== 'awaitingFunding' || heldBy(state) < state.terms.funding.min) return;
  emit(scratch, 'ContractActivated', { endsAt: state.terms.end.at, timers: momentsOf(scratch) });
}

function momentsOf({ state, at, calendar }: Scratch): readonly MomentTimer[] {
  return state.plans.flatMap(({ moments }, index) =>
    moments.map((moment, nth) => ({
      timerId: timerOfMoment(state.terms.rules[index]!.id, nth),
      dueAt: moment.kind === 'at' ? moment.at : addDuration(at, moment.after, calendar),
    })),
  );
}
