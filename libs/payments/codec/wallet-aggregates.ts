import type { EventSet } from '#libs/event-log/codec/types.js';
import type { Aggregate } from '#libs/event-log/runner/types.js';
import {
  walletTiersDecider,
  type WalletTiersCommand,
  type WalletTiersEvent,
  type WalletTiersRefusal,
  type WalletTiersState,
} from '../domain/wallet-tiers/index.js';
import {
  transferDecider,
  type TransferCommand,
  type TransferEvent,
  type TransferRefusal,
  type TransferState,
} from '../domain/transfer/index.js';
import {
  hardWalletDecider,
  type HardWalletCommand,
  type HardWalletEvent,
  type HardWalletRefusal,
  type HardWalletState,
} from '../domain/hard-wallet/index.js';
import { hardWalletEvents } from './hard-wallet-events.js';
import { transferEvents } from './transfer-events.js';
import { walletTierEvents } from './wallet-tier-events.js';

/** `walletTiers-<tenant>` */
export const walletTiersAggregate: Aggregate<
  WalletTiersCommand,
  WalletTiersState,
  WalletTiersEvent,
  WalletTiersRefusal
> = { category: 'walletTiers', decider: walletTiersDecider, events: walletTierEvents };

/** `transfer-<id>` */
export const transferAggregate: Aggregate<TransferCommand, TransferState, TransferEvent, TransferRefusal> = {
  category: 'transfer',
  decider: transferDecider,
  events: transferEvents,
};

/** `hardWallet-<id>` */
export const hardWalletAggregate: Aggregate<
  HardWalletCommand,
  HardWalletState,
  HardWalletEvent,
  HardWalletRefusal
> = { category: 'hardWallet', decider: hardWalletDecider, events: hardWalletEvents };

export { hardWalletEvents, transferEvents, walletTierEvents };

/** What wallets store beside their own streams. */
export const walletSideEventSets: readonly EventSet[] = [
  walletTierEvents as unknown as EventSet,
  transferEvents as unknown as EventSet,
  hardWalletEvents as unknown as EventSet,
];
