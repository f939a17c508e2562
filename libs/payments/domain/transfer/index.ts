export type * from './messages.js';
export { transferOperationId, type KnownTransfer, type TransferState, type TransferStatus } from './state.js';
export { transferDecider, WALLET_CLEARING } from './decider.js';
export { OPEN_TRANSFERS, type OpenTransfer, type OpenTransferList } from './open-transfers.js';
