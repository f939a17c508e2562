/** Codes that are scanned and links that are followed: what the gateway may see of them. */
import { Command, Query } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { BillId, OrganisationId, PaymentLinkId, QrCodeId, WalletId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { Page, PageRequest } from '#libs/views/port/index.js';
import type { PayBillsInput, PayBillsRejectionCode, PaymentMethod, PaymentView } from './payments.js';

// --- merchants' codes ------------------------------------------------------------------------------------------------

export type MerchantCodeStatus = 'OPEN' | 'USED' | 'EXPIRED' | 'WITHDRAWN';

export interface MerchantCodeView {
  readonly id: QrCodeId;
  readonly organisationId: OrganisationId;
  /** Static: paid any number of times; dynamic: once, its amount. */
  readonly kind: 'static' | 'dynamic';
  readonly status: MerchantCodeStatus;
  readonly bills: readonly BillId[];
  readonly amount: Money | null;
  readonly expiresAt: Instant | null;
  /** What the QR code holds: EMVCo merchant-presented. */
  readonly content: string;
  readonly issuedAt: Instant;
}

export interface IssueMerchantCodeInput {
  readonly idempotencyKey: string;
  /**
   * `bills`: these, for all that is due on them now; `amount`: whichever of the organisation's bills the payer chooses, that
   * come to it. With neither the code is static: no amount, no end.
   */
  readonly asks?: { readonly bills: readonly BillId[] } | { readonly amount: Money };
  readonly organisationId: OrganisationId;
  /** Of dynamic codes; at most 24 hours ahead, without it 15 minutes. */
  readonly expiresAt?: Instant;
}

export type IssueMerchantCodeRejection = Rejection<
  | 'FORBIDDEN'
  | 'IDEMPOTENCY_CONFLICT'
  | 'INVALID_AMOUNT'
  | 'BILL_NOT_FOUND'
  | 'BILL_ALREADY_PAID'
  | 'TOO_MANY_BILLS'
  | 'DUPLICATE_BILL'
>;

/** Roles `bursar` (any code) and `clerk` (dynamic codes) of the organisation. */
export class IssueMerchantCode extends Command<Outcome<MerchantCodeView, IssueMerchantCodeRejection>> {
  constructor(
    readonly context: RequestContext,
    readonly input: IssueMerchantCodeInput,
  ) {
    super();
  }
}

/** Roles `bursar` and `clerk` of the organisation. */
export class WithdrawMerchantCode extends Command<
  Outcome<MerchantCodeView, Rejection<'FORBIDDEN' | 'QR_NOT_FOUND' | 'QR_USED'>>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: { readonly codeId: QrCodeId; readonly reason: string },
  ) {
    super();
  }
}

/** Why a scanned code pays nothing. */
export type QrRejectionCode =
  /** No EMVCo code, or one that is not ours; `details.reason` says what is wrong with it. */
  | 'QR_UNREADABLE'
  /** It says that it is ours and is not: edited, or made up. */
  | 'QR_FORGED'
  | 'QR_OTHER_TENANT'
  | 'QR_EXPIRED'
  | 'QR_USED'
  | 'QR_WITHDRAWN';

/** What a merchant's code asks for, once it has been checked. */
export interface MerchantCodeReading {
  readonly codeId: QrCodeId;
  readonly organisationId: OrganisationId;
  readonly kind: 'static' | 'dynamic';
  /** As the code shows it. */
  readonly merchantName: string;
  readonly amount: Money | null;
  readonly expiresAt: Instant | null;
  /** With what is due on them today; empty: the payer chooses. */
  readonly bills: readonly {
    readonly billId: BillId;
    readonly billNumber: string;
    readonly description: string;
    readonly due: Money;
  }[];
}

/** Whoever is signed in. Changes nothing; the same checks come again when the code is paid. */
export class ReadMerchantCode extends Query<Outcome<MerchantCodeReading, Rejection<QrRejectionCode>>> {
  constructor(
    readonly context: RequestContext,
    readonly content: string,
  ) {
    super();
  }
}

export interface PayMerchantCodeInput {
  readonly idempotencyKey: string;
  /** As scanned. */
  readonly content: string;
  /** The organisation's bills that the payer chooses; absent where the code names them. */
  readonly bills?: PayBillsInput['bills'];
  readonly expectedTotal: Money;
  /** Over a counter nothing is paid like this. */
  readonly method: PaymentMethod;
}

/** Only a clerk's methods and quotes are refused like this. */
type OfCounter = 'CASH_SHORT' | 'CHEQUE_NOT_ACCEPTABLE' | 'QUOTE_NOT_FOUND' | 'QUOTE_EXPIRED' | 'QUOTE_STALE';

export type PayMerchantCodeRejection = Rejection<Exclude<PayBillsRejectionCode, OfCounter> | QrRejectionCode>;

/**
 * Role `payer`: pays what a scanned code asks for, through `PayBills`. A dynamic code is the payment's from before its bills
 * are reserved until it fails, if it does; of two payers at one code one pays.
 */
export class PayMerchantCode extends Command<Outcome<PaymentView, PayMerchantCodeRejection>> {
  constructor(
    readonly context: RequestContext,
    readonly input: PayMerchantCodeInput,
  ) {
    super();
  }
}

/** Staff of the organisation; newest first. */
export class MerchantCodesOf extends Query<Page<MerchantCodeView>> {
  constructor(
    readonly context: RequestContext,
    readonly organisationId: OrganisationId,
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** Staff of the organisation. */
export class MerchantCodeById extends Query<MerchantCodeView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: QrCodeId,
  ) {
    super();
  }
}

// --- payers' one-time codes ------------------------------------------------------------------------------------------

export interface PayerCodeView {
  /** 20 digits, for a QR code or a bar code. */
  readonly digits: string;
  readonly limit: Money;
  readonly expiresAt: Instant;
}

/** Role `payer`, an own wallet. Every call shows another code. */
export class ShowPayerCode extends Command<
  Outcome<PayerCodeView, Rejection<'FORBIDDEN' | 'WALLET_NOT_FOUND' | 'INVALID_AMOUNT'>>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly walletId: WalletId;
      readonly subWalletId?: string;
      /** The most that may be charged; absent: ¥1,000. */
      readonly limit?: Money;
    },
  ) {
    super();
  }
}

/** Only outside channels are refused like this. */
type OfOutside = 'CARD_NUMBER_REFUSED' | 'CHANNEL_DECLINED' | 'PAYMENT_EXPIRED' | 'PAYMENT_CANCELLED';

/** The code's use under another key or by another terminal is `QR_USED`, never an idempotency conflict. */
export type ChargePayerCodeRejection = Rejection<
  | Exclude<PayBillsRejectionCode, OfCounter | OfOutside | 'IDEMPOTENCY_CONFLICT'>
  | Exclude<QrRejectionCode, 'QR_WITHDRAWN'>
  | 'QR_OVER_LIMIT'
>;

/** Roles `clerk` and `bursar` of an organisation: charges the wallet behind a scanned code for the organisation's own bills. */
export class ChargePayerCode extends Command<Outcome<PaymentView, ChargePayerCodeRejection>> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      /** As scanned or typed. */
      readonly code: string;
      readonly bills: PayBillsInput['bills'];
      readonly expectedTotal: Money;
    },
  ) {
    super();
  }
}

// --- payment links ---------------------------------------------------------------------------------------------------

/** `USED_UP`: nothing is due on any of its bills. */
export type PaymentLinkStatus = 'OPEN' | 'USED_UP' | 'EXPIRED' | 'WITHDRAWN';

export interface PaymentLinkView {
  readonly id: PaymentLinkId;
  readonly organisationId: OrganisationId;
  readonly status: PaymentLinkStatus;
  /** Whoever has it may see and pay the bills. */
  readonly code: string;
  readonly bills: readonly BillId[];
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
}

export type CreatePaymentLinkRejection = Rejection<
  | 'FORBIDDEN'
  | 'IDEMPOTENCY_CONFLICT'
  | 'BILL_NOT_FOUND'
  | 'BILL_ALREADY_PAID'
  | 'TOO_MANY_BILLS'
  | 'DUPLICATE_BILL'
>;

/** Role `bursar` of the organisation that all the bills belong to. */
export class CreatePaymentLink extends Command<Outcome<PaymentLinkView, CreatePaymentLinkRejection>> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly organisationId: OrganisationId;
      readonly bills: readonly BillId[];
      /** At most 366 days ahead. */
      readonly expiresAt: Instant;
    },
  ) {
    super();
  }
}

/** Role `bursar` of the organisation. */
export class WithdrawPaymentLink extends Command<
  Outcome<PaymentLinkView, Rejection<'FORBIDDEN' | 'PAYMENT_LINK_NOT_FOUND'>>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: { readonly linkId: PaymentLinkId; readonly reason: string },
  ) {
    super();
  }
}

/** What anybody who has the link sees. */
export interface PublicPaymentLink {
  readonly organisationNameZh: string;
  readonly organisationNameEn: string;
  readonly status: PaymentLinkStatus;
  readonly expiresAt: Instant;
  /** What is due now, all bills together; zero unless OPEN. */
  readonly total: Money;
  /** Empty unless OPEN. */
  readonly bills: readonly {
    readonly billId: BillId;
    readonly billNumber: string;
    readonly description: string;
    /** `张**`; null once erased. */
    readonly payerName: string | null;
    /** `******0001` */
    readonly payerNumber: string;
    readonly due: Money;
  }[];
}

/** Nobody need be signed in. `undefined` for a code that no link has. */
export class PaymentLinkByCode extends Query<PublicPaymentLink | undefined> {
  constructor(readonly code: string) {
    super();
  }
}

/** Staff of the organisation; newest first. */
export class PaymentLinksOf extends Query<Page<PaymentLinkView>> {
  constructor(
    readonly context: RequestContext,
    readonly organisationId: OrganisationId,
    readonly page: PageRequest,
  ) {
    super();
  }
}
