import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import { formatDecimal, posting } from '#libs/kernel/money/index.js';
import { accounts } from '../accounts.js';
import { evolve } from './evolve.js';
import type { TransferCommand, TransferEvent, TransferRefusal } from './messages.js';
import { transferOperationId, type KnownTransfer, type TransferState } from './state.js';

type TransferDecision = Decision<TransferEvent, TransferRefusal>;
type Of<Kind extends TransferCommand['kind']> = Extract<TransferCommand, { kind: Kind }>;
type Step = Exclude<TransferCommand, { kind: 'request' | 'offer' | 'confirm' }>;

/** Money of wallets on its way to another wallet. */
export const WALLET_CLEARING = 'clearing:wallets';

/**
 * Money between a bank account and a wallet, or between two wallets. The steps are taken by a process that reads the state after each:
 * one that comes too late, or twice, changes nothing.
 */
export const transferDecider: Decider<TransferCommand, TransferState, TransferEvent, TransferRefusal> = {
  initial: { status: 'absent' },
  decide(command, state) {
    if (command.kind === 'request') return request(command, state);
    if (command.kind === 'offer') return offer(command, state);
    if (command.kind === 'confirm') return confirm(command, state);
    return state.status === 'absent' ? accept() : accept(...step(command, state));
  },
  evolve,
};

function request({ request: data }: Of<'request'>, state: TransferState): TransferDecision {
  if (state.status === 'absent') return accept({ type: 'TransferRequested', data });
  return state.inputHash === data.inputHash ? accept() : conflict();
}

function offer({ offer: data }: Of<'offer'>, state: TransferState): TransferDecision {
  if (state.status === 'absent') return accept({ type: 'CollectionOffered', data });
  return state.inputHash === data.inputHash ? accept() : conflict();
}

/** Whoever confirms first pays; the same payer again is answered alike. */
function confirm(command: Of<'confirm'>, state: TransferState): TransferDecision {
  const { tenant, payer, walletId, expected, at } = command;
  if (state.status === 'absent' || state.kind !== 'personal' || state.tenant !== tenant) {
    return refuse('COLLECTION_NOT_FOUND', 'Nobody asks for money by this code.');
  }
  if (state.status !== 'offered') {
    const same = state.from?.owner === payer && state.from.walletId === walletId;
    return same ? accept() : refuse('COLLECTION_TAKEN', 'Somebody else has paid it.');
  }
  if (state.account === payer) return refuse('OWN_COLLECTION', 'Nobody pays what they asked for themselves.');
  if (at >= state.offeredUntil!) return refuse('COLLECTION_EXPIRED', 'The code has expired.');
  if (expected.asset !== state.amount.asset || expected.amount !== state.amount.amount) {
    return refuse('AMOUNT_MISMATCH', 'Another amount is asked for.', {
      expected: formatDecimal(expected),
      actual: formatDecimal(state.amount),
    });
  }
  const { transferId } = state;
  return accept({ type: 'CollectionConfirmed', data: { transferId, payer, walletId, confirmedAt: at } });
}

function step(command: Step, transfer: KnownTransfer): readonly TransferEvent[] {
  const { transferId, status } = transfer;
  const { at } = command;
  switch (command.kind) {
    case 'seek':
      return seek(command, transfer);
    case 'loseTrack': {
      if (status !== 'sought' || transfer.unknownSince !== undefined) return [];
      const { act } = transfer.sought!;
      return [
        { type: 'TransferOutcomeUnknown', data: { transferId, act, reason: command.reason, since: at } },
      ];
    }
    case 'succeed':
      return succeed(command, transfer);
    case 'take': {
      if (status !== 'requested' || transfer.kind !== 'personal') return [];
      const postings = [posting(holdOf(transfer), WALLET_CLEARING, transfer.amount)];
      return [{ type: 'TransferTaken', data: { transferId, postings, takenAt: at } }];
    }
    case 'refuse': {
      const { act } = command;
      const asked = status === 'sought' && act !== 'refund' && transfer.sought!.act === act;
      if (act === undefined ? status !== 'requested' : !asked) return [];
      return [{ type: 'TransferRefused', data: { transferId, failure: command.failure, refusedAt: at } }];
    }
    case 'fail': {
      const possible = status === 'refused' || (status === 'undeliverable' && transfer.kind === 'personal');
      if (!possible) return [];
      return [{ type: 'TransferFailed', data: { transferId, failure: transfer.failure!, failedAt: at } }];
    }
    case 'undeliver':
      if (status !== 'taken') return [];
      return [{ type: 'TransferUndeliverable', data: { transferId, failure: command.failure, foundAt: at } }];
    case 'complete':
      return status === 'taken' ? [{ type: 'TransferCompleted', data: { transferId, completedAt: at } }] : [];
    case 'return': {
      if (status !== 'completed' || transfer.kind !== 'withdrawal') return [];
      const { reference, reason } = command;
      const postings = [
        posting(accounts.outside('operator'), accounts.clearing('operator'), transfer.amount),
      ];
      return [
        { type: 'TransferReturned', data: { transferId, reference, reason, postings, returnedAt: at } },
      ];
    }
    case 'giveBack':
      return status === 'returned'
        ? [{ type: 'TransferGivenBack', data: { transferId, givenBackAt: at } }]
        : [];
    default:
      return assertNever(command, 'transfer command');
  }
}

function seek({ act, expiresAt, at }: Of<'seek'>, transfer: KnownTransfer): readonly TransferEvent[] {
  const { transferId, status, kind } = transfer;
  const first = kind === 'topUp' ? 'collect' : kind === 'withdrawal' ? 'payout' : undefined;
  const back = kind === 'topUp' && (status === 'undeliverable' || status === 'late');
  if (act === 'refund' ? !back : status !== 'requested' || act !== first) return [];
  const operationId = transferOperationId(transferId, act);
  return [{ type: 'TransferSought', data: { transferId, act, operationId, expiresAt, soughtAt: at } }];
}

/** What moved at the institution moves here by the same event. */
function succeed({ act, reference, at }: Of<'succeed'>, transfer: KnownTransfer): readonly TransferEvent[] {
  const { transferId, status, amount, kind, sought } = transfer;
  const world = accounts.outside('operator');
  const clearing = accounts.clearing('operator');
  if (status === 'sought' && sought!.act === act) {
    switch (act) {
      case 'collect': {
        const postings = [posting(world, clearing, amount)];
        return [{ type: 'TransferTaken', data: { transferId, reference, postings, takenAt: at } }];
      }
      case 'payout': {
        const postings = [posting(holdOf(transfer), clearing, amount), posting(clearing, world, amount)];
        return [{ type: 'TransferTaken', data: { transferId, reference, postings, takenAt: at } }];
      }
      case 'refund': {
        const postings = [posting(clearing, world, amount)];
        return [
          {
            type: 'TransferFailed',
            data: { transferId, failure: transfer.failure!, postings, failedAt: at },
          },
        ];
      }
      default:
        return assertNever(act, 'bank act');
    }
  }
  if (
    (status === 'refused' || status === 'failed') &&
    kind === 'topUp' &&
    act === 'collect' &&
    sought?.act === 'collect'
  ) {
    const postings = [posting(world, clearing, amount)];
    return [
      { type: 'TransferLateSuccessRecorded', data: { transferId, reference, postings, recordedAt: at } },
    ];
  }
  const refusedPayout = (status === 'refused' || status === 'failed') && kind === 'withdrawal';
  if (refusedPayout && act === 'payout' && sought?.act === 'payout' && !transfer.paidAfterAll) {
    // Nobody's money here: below zero until a person has claimed it back.
    const postings = [posting(accounts.owedBy('operator'), world, amount)];
    return [{ type: 'TransferPaidAfterAll', data: { transferId, reference, postings, paidAt: at } }];
  }
  return [];
}

function holdOf({ transferId }: KnownTransfer): string {
  return `hold:${transferId}`;
}

function conflict(): TransferDecision {
  return refuse('IDEMPOTENCY_CONFLICT', 'The key was used with another input.');
}

function refuse(
  code: TransferRefusal['code'],
  message: string,
  details?: Readonly<Record<string, string>>,
): TransferDecision {
  return reject(details ? { code, message, details } : { code, message });
}
