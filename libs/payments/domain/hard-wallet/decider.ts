import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import { CNY, money, posting } from '#libs/kernel/money/index.js';
import { accounts } from '../accounts.js';
import { find } from '../receipt-book/id-trie.js';
import { evolve } from './evolve.js';
import type { HardWalletCommand, HardWalletEvent, HardWalletRefusal } from './messages.js';
import { counterKey, type HardWalletState, type KnownHardWallet } from './state.js';
import { sync } from './sync.js';

type HardWalletDecision = Decision<HardWalletEvent, HardWalletRefusal>;
type Of<Kind extends HardWalletCommand['kind']> = Extract<HardWalletCommand, { kind: Kind }>;

/**
 * A device that pays without a network. It is loaded like a purse; each payment is a signed token with the next number of its counter.
 * A number is paid once, whoever brings it and in whatever order; at most the permitted number of payments lies between two loads.
 */
export const hardWalletDecider: Decider<
  HardWalletCommand,
  HardWalletState,
  HardWalletEvent,
  HardWalletRefusal
> = {
  initial: { status: 'absent' },
  decide(command, state) {
    if (command.kind === 'issue') return issue(command, state);
    if (state.status === 'absent') return notFound();
    switch (command.kind) {
      case 'requestLoad':
        return requestLoad(command, state);
      case 'load':
        return load(command, state);
      case 'refuseLoad': {
        const { hardWalletId, openLoads } = state;
        const { loadId, failure, at } = command;
        if (!openLoads.some((one) => one.loadId === loadId)) return accept();
        return accept({
          type: 'HardWalletLoadRefused',
          data: { hardWalletId, loadId, failure, refusedAt: at },
        });
      }
      case 'sync':
        return command.tenant === state.tenant ? accept(...sync(command, state)) : notFound();
      case 'settle':
      case 'suspend':
        return end(command, state);
      default:
        return assertNever(command, 'hard wallet command');
    }
  },
  evolve,
};

/** The id derives from wallet and key of the device, so that an issued one is the very one asked for. */
function issue({ hardWallet: data }: Of<'issue'>, state: HardWalletState): HardWalletDecision {
  return state.status === 'issued' ? accept() : accept({ type: 'HardWalletIssued', data });
}

function requestLoad(command: Of<'requestLoad'>, state: KnownHardWallet): HardWalletDecision {
  const { tenant, owner, loadId, amount, counter, at } = command;
  if (state.tenant !== tenant || state.owner !== owner) return notFound();
  const known = find(state.loads, loadId);
  if (known) {
    if (known.amount === amount.amount && known.counter === counter) return accept();
    return reject({ code: 'IDEMPOTENCY_CONFLICT', message: 'The key was used with another input.' });
  }
  if (amount.asset !== CNY || amount.amount <= 0n) {
    return reject({ code: 'INVALID_AMOUNT', message: 'A load is above zero and in CNY.' });
  }
  if (counter < state.syncedCounter || counter < state.lastCounter) {
    const details = { lastCounter: String(Math.max(state.syncedCounter, state.lastCounter)) };
    return reject({ code: 'COUNTER_BEHIND', message: 'The device counts behind what it has paid.', details });
  }
  const { hardWalletId } = state;
  return accept({
    type: 'HardWalletLoadRequested',
    data: { hardWalletId, loadId, amount, counter, requestedAt: at },
  });
}

function load({ loadId, at }: Of<'load'>, state: KnownHardWallet): HardWalletDecision {
  const { hardWalletId, openLoads, balance } = state;
  const asked = openLoads.find((one) => one.loadId === loadId);
  if (!asked) return accept();
  const amount = money(CNY, asked.amount);
  const data = {
    hardWalletId,
    loadId,
    amount,
    balanceAfter: money(CNY, balance + asked.amount),
    postings: [posting(`hold:${loadId}`, `wallet:${hardWalletId}`, amount)],
    loadedAt: at,
  };
  return accept({ type: 'HardWalletLoaded', data });
}

/** What became of a payment that was taken; decided once. */
function end(command: Of<'settle'> | Of<'suspend'>, state: KnownHardWallet): HardWalletDecision {
  const { hardWalletId } = state;
  const { counter, at } = command;
  const taken = find(state.taken, counterKey(counter));
  if (!taken || find(state.ended, counterKey(counter))) return accept();
  if (command.kind === 'settle') {
    const { paymentId } = command;
    return accept({
      type: 'OfflinePaymentSettled',
      data: { hardWalletId, counter, paymentId, settledAt: at },
    });
  }
  const { organisationId } = taken;
  const amount = money(CNY, taken.amount);
  const data = {
    hardWalletId,
    counter,
    organisationId,
    amount,
    reason: command.reason,
    postings: [posting(accounts.clearing('offline'), accounts.suspense(organisationId), amount)],
    suspendedAt: at,
  };
  return accept({ type: 'OfflinePaymentSuspended', data });
}

function notFound(): HardWalletDecision {
  return reject({ code: 'HARD_WALLET_NOT_FOUND', message: 'There is no such hard wallet.' });
}
