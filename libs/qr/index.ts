export { decodeMerchantQr } from './decode.js';
export { encodeMerchantQr } from './encode.js';
export type { QrFault, QrRefusal } from './faults.js';
export { LONGEST_QR, type MerchantAccount, type MerchantQr } from './merchant-qr.js';
export { lengthOf, type QrField } from './tlv.js';
