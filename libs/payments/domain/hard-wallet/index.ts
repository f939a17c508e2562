export type * from './messages.js';
export {
  findEnded,
  findRefusedLoad,
  findTaken,
  type HardWalletState,
  type KnownHardWallet,
} from './state.js';
export { hardWalletDecider } from './decider.js';
export { verdictOn } from './sync.js';
