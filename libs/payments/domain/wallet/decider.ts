import type { Decider } from '#libs/kernel/decider/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import { evolve } from './evolve.js';
import { freezeOrThaw } from './freezing.js';
import { hold, release, spend } from './holding.js';
import type { WalletCommand, WalletEvent, WalletRefusal } from './messages.js';
import { open, upgrade } from './opening.js';
import { credit, topUp } from './receiving.js';
import type { WalletState } from './state.js';
import { closeSubWallet, pushSubWallet, relimitSubWallet } from './sub-wallets.js';

/**
 * Money of one owner. What is promised to payments under way (held) has left the available part already, so that the
 * same yuan cannot be promised twice and neither part is ever below zero. Limits count promises from the moment they are made.
 */
export const walletDecider: Decider<WalletCommand, WalletState, WalletEvent, WalletRefusal> = {
  initial: { status: 'absent' },
  decide(command, state) {
    switch (command.kind) {
      case 'open':
        return open(command, state);
      case 'upgrade':
        return upgrade(command, state);
      case 'topUp':
        return topUp(command, state);
      case 'credit':
        return credit(command, state);
      case 'hold':
        return hold(command, state);
      case 'release':
        return release(command, state);
      case 'spend':
        return spend(command, state);
      case 'pushSubWallet':
        return pushSubWallet(command, state);
      case 'relimitSubWallet':
        return relimitSubWallet(command, state);
      case 'closeSubWallet':
        return closeSubWallet(command, state);
      case 'freeze':
      case 'thaw':
        return freezeOrThaw(command, state);
      default:
        return assertNever(command, 'wallet command');
    }
  },
  evolve,
};
