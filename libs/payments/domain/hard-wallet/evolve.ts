import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import { add, emptyTrieOf, find } from '../receipt-book/id-trie.js';
import type { HardWalletEvent, HardWalletLoaded, OfflinePaymentTaken } from './messages.js';
import { counterKey, type HardWalletState, type KnownHardWallet } from './state.js';

/** @throws ImpossibleHistoryError */
export function evolve(state: HardWalletState, event: HardWalletEvent): HardWalletState {
  if (event.type === 'HardWalletIssued') {
    if (state.status === 'issued') throw new ImpossibleHistoryError('One hard wallet issued twice.');
    return {
      status: 'issued',
      ...event.data,
      balance: 0n,
      syncedCounter: 0,
      lastCounter: 0,
      openLoads: [],
      loads: emptyTrieOf(),
      refusedLoads: emptyTrieOf(),
      taken: emptyTrieOf(),
      ended: emptyTrieOf(),
      refusedDigests: emptyTrieOf(),
    };
  }
  if (state.status === 'absent')
    throw new ImpossibleHistoryError(`${event.type} before the hard wallet was issued.`);
  switch (event.type) {
    case 'HardWalletLoadRequested': {
      const { loadId, amount, counter } = event.data;
      const load = { loadId, amount: amount.amount, counter };
      const loads = add(state.loads, loadId, load);
      // In touch with the bank: the permitted number counts from here.
      return { ...state, openLoads: [...state.openLoads, load], loads, syncedCounter: counter };
    }
    case 'HardWalletLoaded':
      return loaded(state, event);
    case 'HardWalletLoadRefused': {
      const { loadId, failure } = event.data;
      return { ...withoutOpen(state, loadId), refusedLoads: add(state.refusedLoads, loadId, failure) };
    }
    case 'OfflinePaymentTaken':
      return taken(state, event);
    case 'OfflinePaymentSettled': {
      const { counter, paymentId } = event.data;
      return { ...state, ended: add(state.ended, ofTaken(state, counter), { paymentId }) };
    }
    case 'OfflinePaymentSuspended': {
      const { counter, reason } = event.data;
      return { ...state, ended: add(state.ended, ofTaken(state, counter), { suspended: reason }) };
    }
    case 'OfflineDoubleSpendDetected': {
      const { digest, why } = event.data;
      return { ...state, refusedDigests: add(state.refusedDigests, digest, why) };
    }
    default:
      return assertNever(event, 'hard wallet event');
  }
}

function loaded(state: KnownHardWallet, { data }: HardWalletLoaded): KnownHardWallet {
  const { loadId, amount, balanceAfter } = data;
  const balance = state.balance + amount.amount;
  if (balanceAfter.amount !== balance)
    throw new ImpossibleHistoryError('HardWalletLoaded with a wrong balance.');
  return { ...withoutOpen(state, loadId), balance };
}

function taken(state: KnownHardWallet, { data }: OfflinePaymentTaken): KnownHardWallet {
  const { counter, digest, amount, organisationId, reference, balanceAfter } = data;
  const key = counterKey(counter);
  const balance = state.balance - amount.amount;
  if (find(state.taken, key)) throw new ImpossibleHistoryError('One offline payment taken twice.');
  if (balance < 0n || balanceAfter.amount !== balance) {
    throw new ImpossibleHistoryError('OfflinePaymentTaken with a wrong balance.');
  }
  const payment = { digest, amount: amount.amount, organisationId, reference };
  const lastCounter = Math.max(state.lastCounter, counter);
  return { ...state, balance, lastCounter, taken: add(state.taken, key, payment) };
}

function withoutOpen(state: KnownHardWallet, loadId: string): KnownHardWallet {
  const openLoads = state.openLoads.filter((one) => one.loadId !== loadId);
  if (openLoads.length === state.openLoads.length)
    throw new ImpossibleHistoryError('A load that nobody asked for.');
  return { ...state, openLoads };
}

function ofTaken(state: KnownHardWallet, counter: number): string {
  const key = counterKey(counter);
  if (!find(state.taken, key) || find(state.ended, key)) {
    throw new ImpossibleHistoryError('The end of an offline payment that is not open.');
  }
  return key;
}
