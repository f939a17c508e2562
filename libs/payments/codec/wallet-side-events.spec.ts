import { fold } from '#libs/kernel/decider/index.js';
import { goldenSamples } from '#libs/testing/golden.js';
import { hardWalletDecider } from '../domain/hard-wallet/index.js';
import { transferDecider } from '../domain/transfer/index.js';
import { walletTiersDecider } from '../domain/wallet-tiers/index.js';
import { hardWalletEvents, transferEvents, walletTierEvents } from './index.js';

// What begins a stream stands alone; the samples of later events are checked for their shape.
goldenSamples(walletTierEvents, {
  fold: (event) => event.type === 'TierLimitsProposed' && fold(walletTiersDecider, [event]),
});
goldenSamples(transferEvents, {
  fold: (event) =>
    (event.type === 'TransferRequested' || event.type === 'CollectionOffered') &&
    fold(transferDecider, [event]),
});
goldenSamples(hardWalletEvents, {
  fold: (event) => event.type === 'HardWalletIssued' && fold(hardWalletDecider, [event]),
});
