import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { BillId, OrganisationId, PaymentId, QrCodeId, TenantId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

/** Static: hangs on a wall and is paid any number of times. Dynamic: asks for one amount, once. */
export type QrCodeKind = 'static' | 'dynamic';

/** A code of an organisation, as it was issued. */
export interface IssuedQrCode {
  readonly codeId: QrCodeId;
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  readonly kind: QrCodeKind;
  /** The bills it pays; empty where the payer chooses among those of the organisation. */
  readonly bills: readonly BillId[];
  /** What is to be paid; null for static codes. */
  readonly amount: Money | null;
  /** From then on it pays nothing; null for static codes. */
  readonly expiresAt: Instant | null;
  /** The text that is shown as QR code, EMVCo merchant-presented. */
  readonly content: string;
  /** Hash over what was asked for: the same key with another input is told apart by it. */
  readonly inputHash: string;
  readonly issuedAt: Instant;
}

export type QrCodeCommand =
  | ({ readonly kind: 'issue'; readonly codeKind: QrCodeKind } & Omit<IssuedQrCode, 'kind'>)
  /** A payment promises to be the one that the code pays. */
  | {
      readonly kind: 'claim';
      readonly tenant: TenantId;
      readonly paymentId: PaymentId;
      readonly total: Money;
      readonly at: Instant;
    }
  /** The payment ended without capture: the code is free for another, and closed to this one. */
  | { readonly kind: 'giveBack'; readonly paymentId: PaymentId; readonly at: Instant }
  | { readonly kind: 'withdraw'; readonly tenant: TenantId; readonly reason: string; readonly at: Instant };

export type QrCodeIssued = DomainEvent<'QrCodeIssued', IssuedQrCode>;

/** The payment took the code's one use. It is the payment's for good unless it is given back. */
export type QrCodeUsed = DomainEvent<
  'QrCodeUsed',
  { readonly codeId: QrCodeId; readonly paymentId: PaymentId; readonly usedAt: Instant }
>;

/** The payment moved no money and never will: it is barred here, and the use that it may have had is free again. */
export type QrCodeUseGivenBack = DomainEvent<
  'QrCodeUseGivenBack',
  { readonly codeId: QrCodeId; readonly paymentId: PaymentId; readonly givenBackAt: Instant }
>;

export type QrCodeWithdrawn = DomainEvent<
  'QrCodeWithdrawn',
  { readonly codeId: QrCodeId; readonly reason: string; readonly withdrawnAt: Instant }
>;

export type QrCodeEvent = QrCodeIssued | QrCodeUsed | QrCodeUseGivenBack | QrCodeWithdrawn;

export type QrCodeRefusal = Rejection<
  | 'IDEMPOTENCY_CONFLICT'
  /** Not there, or another tenant's. */
  | 'QR_NOT_FOUND'
  | 'QR_EXPIRED'
  | 'QR_USED'
  | 'QR_WITHDRAWN'
  /** The payment is not of the code's amount. */
  | 'AMOUNT_MISMATCH'
  /** The payment was given back here before: a late claim of it must not succeed. */
  | 'PAYMENT_ENDED'
>;
