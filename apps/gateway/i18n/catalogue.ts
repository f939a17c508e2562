import type { ContractMessageKey } from '#libs/contracts/contract/views.js';
import type { PublicRejectionCode } from '../rejections/codes.js';

/** A sentence for every key; one missing or one too many in any language is a compile error, so `npm run check` fails. */
export type Catalogue = Readonly<Record<PublicRejectionCode | TimelineKey | ContractMessageKey, string>>;

/** Sentences of a bill's timeline and a case's history, by `messageKey` of billing and cases; `{name}` is filled in from the entry's details. */
type TimelineKey =
  | 'case.opened'
  | 'case.assigned'
  | 'case.noted'
  | 'case.resolved'
  | 'case.reopened'
  | 'bill.issued'
  | 'bill.amended'
  | 'bill.amended.credit'
  | 'bill.amended.debit'
  | 'bill.payerCorrected'
  | 'bill.reserved'
  | 'bill.reservationReleased'
  | 'bill.paymentBarred'
  | 'bill.paymentAllocated'
  | 'bill.paymentAllocated.lateFee'
  | 'bill.paymentAllocated.rebate'
  | 'bill.lateFeeCharged'
  | 'bill.lateFeeWaived'
  | 'bill.refunded'
  | 'bill.allocationReversed.receiptCancel'
  | 'bill.allocationReversed.dishonour'
  | 'bill.adjusted.credit'
  | 'bill.adjusted.debit'
  | 'bill.writeOffRequested'
  | 'bill.writeOffRefused.declined'
  | 'bill.writeOffRefused.billChanged'
  | 'bill.writtenOff'
  | 'bill.expired'
  | 'bill.cancelled';
