/** Nominal typing for identifiers, so that a bill's id cannot be passed where a payment's is meant. */
export type Id<Name extends string> = string & { readonly __id: Name };

export type TenantId = Id<'tenant'>;
export type OrganisationId = Id<'organisation'>;
export type BillId = Id<'bill'>;
export type PaymentId = Id<'payment'>;
export type WalletId = Id<'wallet'>;
export type RefundId = Id<'refund'>;
/** A release contract. */
export type ContractId = Id<'contract'>;
/** Payer's money at an organisation that no bill has asked for yet. */
export type AdvanceId = Id<'advance'>;
export type TransferId = Id<'transfer'>;
export type QuoteId = Id<'quote'>;
/** A merchant's code that payers scan. */
export type QrCodeId = Id<'qrCode'>;
/** A payer's one-time code that a terminal scans. */
export type PayerCodeId = Id<'payerCode'>;
export type PaymentLinkId = Id<'paymentLink'>;
export type StudentId = Id<'student'>;
export type FeeItemId = Id<'feeItem'>;
export type ImportId = Id<'import'>;
/** The person a piece of personal data is about; names the key that protects it. */
export type SubjectId = Id<'subject'>;

export function asId<Name extends string>(text: string): Id<Name> {
  return text as Id<Name>;
}

export { assertIdempotencyKey } from './idempotency-key.js';
export { crockfordOf, isUuid } from './crockford.js';
