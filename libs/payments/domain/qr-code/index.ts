export type * from './messages.js';
export type { KnownQrCode, QrCodeState } from './state.js';
export { qrCodeDecider } from './decider.js';
