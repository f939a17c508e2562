export { receiptSlips, type ReceiptSlipOptions } from './receipt-slips.js';
