import type { PublicRejectionCode } from '../rejections/codes.js';

/** A sentence for every key; one missing or one too many in any language is a compile error, so `npm run check` fails. */
export type Catalogue = Readonly<Record<PublicRejectionCode | TimelineKey, string>>;

/** Sentences of a bill's timeline, by `messageKey` of billing; `{name}` is filled in from the entry's details. */
type TimelineKey =
  | 'bill.issued'
  | 'bill.amended'
  | 'bill.amended.credit'
  | 'bill.amended.debit'
  | 'bill.payerCorrected'
  | 'bill.reserved'
  | 'bill.reservationReleased'
  | 'bill.paymentBarred'
  | 'bill.paymentAllocated'
  | 'bill.cancelled';
