import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import { equals, money, posting, sum } from '#libs/kernel/money/index.js';
import { accounts } from '../accounts.js';
import type {
  ContractOriginRecorded,
  ContractOriginsCommand,
  ContractOriginsEvent,
  ContractOriginsRefusal,
  ContractReturnPlanned,
  ReturnedPart,
} from './messages.js';

type Recorded = ContractOriginRecorded['data'] & { readonly left: bigint };

export interface ContractOriginsState {
  /** In the order in which they came; a contract has a handful, one that is topped up some hundreds. */
  readonly deposits: readonly Recorded[];
  readonly returns: readonly ContractReturnPlanned['data'][];
}

type OriginsDecision = Decision<ContractOriginsEvent, ContractOriginsRefusal>;
type Of<Kind extends ContractOriginsCommand['kind']> = Extract<ContractOriginsCommand, { kind: Kind }>;

/**
 * Where a contract's money came from, and how much of it has gone back there: what is paid back to the origin goes to the
 * youngest deposits first, never more to one than came from it.
 */
export const contractOriginsDecider: Decider<
  ContractOriginsCommand,
  ContractOriginsState,
  ContractOriginsEvent,
  ContractOriginsRefusal
> = {
  initial: { deposits: [], returns: [] },
  decide(command, state) {
    switch (command.kind) {
      case 'record':
        return record(command, state);
      case 'return':
        return planReturn(command, state);
      default:
        return assertNever(command, 'command to the origins of a contract');
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'ContractOriginRecorded': {
        const deposit = { ...event.data, left: event.data.amount.amount };
        return { ...state, deposits: [...state.deposits, deposit] };
      }
      case 'ContractReturnPlanned': {
        const deposits = state.deposits.map((deposit) => lessOf(deposit, event.data.parts));
        return { deposits, returns: [...state.returns, event.data] };
      }
      default:
        return assertNever(event, 'event of the origins of a contract');
    }
  },
};

/** The plan of a payout, once it is made. */
export function returnOf(
  { returns }: ContractOriginsState,
  { payoutId, role }: { readonly payoutId: string; readonly role: string },
): ContractReturnPlanned['data'] | undefined {
  return returns.find((plan) => plan.payoutId === payoutId && plan.role === role);
}

function record({ kind: _kind, at, ...deposit }: Of<'record'>, state: ContractOriginsState): OriginsDecision {
  const known = state.deposits.find(({ depositId }) => depositId === deposit.depositId);
  if (known) return equals(known.amount, deposit.amount) ? accept() : conflict();
  return accept({ type: 'ContractOriginRecorded', data: { ...deposit, recordedAt: at } });
}

function planReturn(command: Of<'return'>, state: ContractOriginsState): OriginsDecision {
  const { contractId, payoutId, role, amount, at } = command;
  const known = returnOf(state, command);
  if (known) return equals(known.amount, amount) ? accept() : conflict();
  let due = amount.amount;
  const parts: ReturnedPart[] = [];
  for (const { depositId, origin, left, amount: paidIn } of state.deposits.toReversed()) {
    const share = left < due ? left : due;
    if (share <= 0n || paidIn.asset !== amount.asset) continue;
    parts.push({ depositId, origin, amount: money(amount.asset, share) });
    due -= share;
  }
  const toContracts = sum(
    amount.asset,
    parts.flatMap((part) => (part.origin.kind === 'contract' ? [part.amount] : [])),
  );
  const moves = toContracts.amount > 0n;
  const postings = moves ? [posting(accounts.payoutClearing, accounts.fundingClearing, toContracts)] : [];
  const unknown = money(amount.asset, due);
  const data = { contractId, payoutId, role, amount, parts, unknown, postings, plannedAt: at };
  return accept({ type: 'ContractReturnPlanned', data });
}

function lessOf(deposit: Recorded, parts: readonly ReturnedPart[]): Recorded {
  const part = parts.find(({ depositId }) => depositId === deposit.depositId);
  if (!part) return deposit;
  const left = deposit.left - part.amount.amount;
  if (left < 0n) throw new ImpossibleHistoryError('More went back to an origin than came from it.');
  return { ...deposit, left };
}

function conflict(): OriginsDecision {
  return reject({ code: 'IDEMPOTENCY_CONFLICT', message: 'The same deposit or payout with another amount.' });
}
