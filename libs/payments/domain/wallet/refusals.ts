import { reject, type Decision } from '#libs/kernel/decider/index.js';
import type { WalletEvent, WalletRefusal } from './messages.js';
import type { OpenWallet, WalletState } from './state.js';

export type WalletDecision = Decision<WalletEvent, WalletRefusal>;

/** Not yours looks exactly like not found. */
export function isOwn(state: WalletState, tenant: string, owner: string): state is OpenWallet {
  return state.status === 'open' && state.tenant === tenant && state.owner === owner;
}

export function noSuchWallet(): WalletDecision {
  return refuse('WALLET_NOT_FOUND', 'There is no such wallet.');
}

export function refuse(
  code: WalletRefusal['code'],
  message: string,
  details?: Readonly<Record<string, string>>,
): WalletDecision {
  return reject(details ? { code, message, details } : { code, message });
}
