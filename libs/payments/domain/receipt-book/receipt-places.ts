import type { OrganisationId, PaymentId } from '#libs/kernel/ids/index.js';

export interface ReceiptPlace {
  readonly receiptId: string;
  readonly paymentId: PaymentId;
  readonly organisationId: OrganisationId;
}

/** Where the receipt of an id is to be found, as far as the projection has read the log. */
export interface ReceiptPlaces {
  find(tenant: string, receiptId: string): Promise<ReceiptPlace | undefined>;
}

/** Injection token of `ReceiptPlaces`. */
export const RECEIPT_PLACES = Symbol('RECEIPT_PLACES');
