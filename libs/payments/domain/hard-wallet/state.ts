import type { OrganisationId, PaymentId } from '#libs/kernel/ids/index.js';
import { find, type IdTrie } from '../receipt-book/id-trie.js';
import type { IssuedHardWallet, LoadFailure } from './messages.js';

/** Stays cheap to copy however often the device pays: what is kept for good lies in tries. */
export interface KnownHardWallet extends IssuedHardWallet {
  readonly status: 'issued';
  /** Loaded minus taken, minor units. */
  readonly balance: bigint;
  /** How far the device had counted when it was last in touch with the bank. */
  readonly syncedCounter: number;
  /** Highest counter taken. */
  readonly lastCounter: number;
  /** Asked for and not yet loaded or refused: one at a time as a rule. */
  readonly openLoads: readonly Load[];
  /** Every load ever asked for, by id. */
  readonly loads: IdTrie<Load>;
  readonly refusedLoads: IdTrie<LoadFailure>;
  /** By counter. */
  readonly taken: IdTrie<Taken>;
  readonly ended: IdTrie<Ended>;
  /** By digest. */
  readonly refusedDigests: IdTrie<'counterReused' | 'beyondBalance'>;
}

export interface Load {
  readonly loadId: string;
  readonly amount: bigint;
  readonly counter: number;
}

export interface Taken {
  readonly digest: string;
  readonly amount: bigint;
  readonly organisationId: OrganisationId;
  readonly reference: string;
}

export type Ended = { readonly paymentId: PaymentId } | { readonly suspended: string };

export type HardWalletState = { readonly status: 'absent' } | KnownHardWallet;

/** Counters as keys of a trie. */
export function counterKey(counter: number): string {
  return counter.toString(16).padStart(8, '0');
}

export function findTaken(state: HardWalletState, counter: number): Taken | undefined {
  return state.status === 'issued' ? find(state.taken, counterKey(counter)) : undefined;
}

/** What became of a payment that was taken; `undefined` while it is being settled. */
export function findEnded(state: HardWalletState, counter: number): Ended | undefined {
  return state.status === 'issued' ? find(state.ended, counterKey(counter)) : undefined;
}

export function findRefusedLoad(state: HardWalletState, loadId: string): LoadFailure | undefined {
  return state.status === 'issued' ? find(state.refusedLoads, loadId) : undefined;
}
