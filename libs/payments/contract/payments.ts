/** What payments look like from outside: inputs, answers, refusals. */
import type { FundingRefusalCode } from '#libs/contracts/contract/release-contracts.js';
import type {
  AdvanceId,
  BillId,
  ContractId,
  OrganisationId,
  PaymentId,
  QuoteId,
  WalletId,
} from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { Channel, OpenPaymentStatus } from '../domain/payment/index.js';

/** `UNKNOWN`: an institution has not answered yet; it may have succeeded. `CANCELLED`: called off by who asked for it. */
export type PaymentStatus = 'AUTHORISING' | 'UNKNOWN' | 'CAPTURED' | 'FAILED' | 'CANCELLED';

export type PaymentMethod =
  | {
      readonly channel: 'wallet';
      readonly walletId: WalletId;
      /** A sub-wallet pushed to the organisation. */
      readonly subWalletId?: string;
    }
  /** Taken at the counter by the calling clerk. `tendered` minus the total is the change. */
  | { readonly channel: 'cash'; readonly tendered: Money }
  /** Taken at the counter by the calling clerk. */
  | {
      readonly channel: 'cheque';
      readonly chequeNumber: string;
      readonly bank: string;
      readonly chequeDate: LocalDate;
    }
  /** Taken at a card terminal by the calling clerk; a card number is refused. */
  | { readonly channel: 'pos'; readonly terminalId: string; readonly approvalCode: string }
  /** By bank transfer; the answer is AUTHORISING with the remittance code to name. */
  | { readonly channel: 'transfer' }
  /** Pulled by an operating institution from the account behind its token. */
  | { readonly channel: 'operator'; readonly payerToken: string };

export interface PaymentView {
  readonly id: PaymentId;
  readonly status: PaymentStatus;
  readonly channel: Channel;
  readonly total: Money;
  /** Part of the total that is the payer's charge for the channel. */
  readonly charge?: Money;
  /** Set where the payment funds a contract; it pays no bills then. */
  readonly funding?: { readonly contractId: ContractId };
  /** What was paid: empty unless CAPTURED. */
  readonly bills: readonly {
    readonly billId: BillId;
    readonly organisationId: OrganisationId;
    readonly amount: Money;
    /** Part of `amount`. */
    readonly lateFee?: Money;
    /** Paid beyond what the bill asks for; beside `amount`. */
    readonly advance?: Money;
  }[];
  readonly change?: Money;
  /** Given back by settled refunds, taken back with a receipt, or a cheque that was not honoured; absent: nothing. */
  readonly refunded?: Money;
  /** The institution's, once it has the money. */
  readonly reference?: string;
  /** Transfers under way: what the payer must name. */
  readonly remittanceCode?: string;
  /** Outside channels: the institution lets it succeed until then. */
  readonly expiresAt?: Instant;
  readonly initiatedAt: Instant;
  readonly capturedAt?: Instant;
  /** Set when FAILED or CANCELLED: the same code the first call was answered with. */
  readonly failure?: {
    readonly code: PayBillsRejectionCode | FundContractRejectionCode;
    readonly message: string;
  };
  /** One per organisation paid. */
  readonly receipts: readonly ReceiptView[];
}

/** `CANCELLED`: counts no longer; its number stays used. */
export type ReceiptStatus = 'ISSUED' | 'CANCELLED';

export interface ReceiptView {
  readonly id: string;
  /** Gapless within organisation and series: `2026-00000042`. */
  readonly number: string;
  readonly organisationId: OrganisationId;
  readonly paymentId: PaymentId;
  readonly total: Money;
  readonly channel: Channel;
  readonly issuedAt: Instant;
  /** For public verification; 12 characters of Crockford base 32. */
  readonly verificationCode: string;
  readonly status: ReceiptStatus;
  /** Set when CANCELLED. */
  readonly cancelledAt?: Instant;
  readonly cancelReason?: string;
  readonly lines: readonly ReceiptLine[];
}

export interface ReceiptLine {
  readonly billId: BillId;
  readonly billNumber: string;
  readonly payerNumber: string;
  readonly payerName: string | null;
  readonly description: string;
  readonly amount: Money;
  /** Paid beyond what the bill asks for; beside `amount`. */
  readonly advance?: Money;
  /** Set where the money went into a contract; `billId` is the same id then, and no bill. */
  readonly contractId?: ContractId;
}

export type PayBillsRejectionCode =
  | 'FORBIDDEN'
  | 'IDEMPOTENCY_CONFLICT'
  | 'BILL_NOT_FOUND'
  | 'BILL_ALREADY_PAID'
  | 'BILL_CANCELLED'
  | 'BILL_RESERVED'
  | 'BILL_EXPIRED'
  | 'BILL_WRITTEN_OFF'
  | 'AMOUNT_EXCEEDS_OUTSTANDING'
  | 'PARTIAL_NOT_ALLOWED'
  | 'AMOUNT_MISMATCH'
  | 'QUOTE_NOT_FOUND'
  | 'QUOTE_EXPIRED'
  | 'QUOTE_STALE'
  | 'WALLET_NOT_FOUND'
  | 'WALLET_FROZEN'
  | 'SUB_WALLET_CLOSED'
  | 'LIMIT_EXCEEDED'
  | 'INSUFFICIENT_FUNDS'
  | 'CASH_SHORT'
  /** Number, bank or date cannot be those of a cheque that may be taken today. */
  | 'CHEQUE_NOT_ACCEPTABLE'
  /** A card number was handed in where none may ever be. */
  | 'CARD_NUMBER_REFUSED'
  /** The institution declined. */
  | 'CHANNEL_DECLINED'
  /** The institution did not have the money in time. */
  | 'PAYMENT_EXPIRED'
  /** Called off by who asked for it. */
  | 'PAYMENT_CANCELLED'
  | 'TOO_MANY_BILLS'
  | 'DUPLICATE_BILL'
  /** A crash or a timeout interrupted it before money moved; nothing was charged, and a new key may try again. */
  | 'PAYMENT_INTERRUPTED';

/** Why a contract was not paid into. */
export type FundContractRejectionCode =
  | Exclude<FundingRefusalCode, 'PAYMENT_ENDED'>
  | 'FORBIDDEN'
  | 'IDEMPOTENCY_CONFLICT'
  | 'INVALID_AMOUNT'
  /** A tender that a bank can take back, or that belongs to other debts. */
  | 'CHANNEL_NOT_ALLOWED'
  | 'WALLET_NOT_FOUND'
  | 'WALLET_FROZEN'
  | 'SUB_WALLET_CLOSED'
  | 'LIMIT_EXCEEDED'
  | 'INSUFFICIENT_FUNDS'
  | 'CASH_SHORT'
  | 'CARD_NUMBER_REFUSED'
  | 'CHANNEL_DECLINED'
  | 'PAYMENT_EXPIRED'
  | 'PAYMENT_CANCELLED'
  | 'PAYMENT_INTERRUPTED';

export interface PayBillsInput {
  readonly idempotencyKey: string;
  /** 1 to 50 distinct bills. `amount` absent: all that is due; above what is due: the payer's advance where allowed. */
  readonly bills: readonly { readonly billId: BillId; readonly amount?: Money }[];
  /** What the payer was shown and agreed to. A different sum is refused (`AMOUNT_MISMATCH`), never charged. */
  readonly expectedTotal: Money;
  readonly method: PaymentMethod;
  /** The caller's own quote for the same bills and channel, whose prices are honoured until it ends. */
  readonly quoteId?: QuoteId;
}

/** A payment that is not finished yet: under way, or left behind and about to be finished. */
export interface OpenPaymentView {
  readonly id: PaymentId;
  readonly status: OpenPaymentStatus;
  readonly account: string;
  readonly channel: Channel;
  readonly total: Money;
  readonly initiatedAt: Instant;
  /** When its last step was recorded. */
  readonly lastStepAt: Instant;
  /** Why the last attempt to finish it did not succeed; null when none was needed yet. */
  readonly reason: string | null;
}

export interface PaymentFilter {
  readonly statuses?: readonly PaymentStatus[];
  readonly channels?: readonly Channel[];
  /** By the moment it began. */
  readonly from?: Instant;
  readonly to?: Instant;
}

/** A payer's money at an organisation that no bill has asked for yet. */
export interface AdvanceView {
  readonly id: AdvanceId;
  readonly organisationId: OrganisationId;
  readonly payerNumber: string;
  readonly available: Money;
  /** Promised to payments under way. */
  readonly held: Money;
  readonly lastChangedAt: Instant;
}

// --- quotes ----------------------------------------------------------------------------------------------------------

export interface QuoteView {
  readonly id: QuoteId;
  readonly channel: Channel;
  readonly bills: readonly {
    readonly billId: BillId;
    readonly organisationId: OrganisationId;
    readonly billNumber: string;
    readonly description: string;
    readonly principal: Money;
    readonly lateFee: Money;
    readonly rebate: Money;
    /** principal + lateFee − rebate */
    readonly due: Money;
    /** To be paid on it: `due`, or the part that was asked for. */
    readonly amount: Money;
  }[];
  /** The payer's charge for the channel. */
  readonly charge: Money;
  readonly total: Money;
  readonly asOf: LocalDate;
  readonly validUntil: Instant;
}

export type QuoteRejectionCode =
  | 'FORBIDDEN'
  | 'IDEMPOTENCY_CONFLICT'
  | 'BILL_NOT_FOUND'
  | 'BILL_ALREADY_PAID'
  | 'BILL_CANCELLED'
  | 'BILL_EXPIRED'
  | 'BILL_WRITTEN_OFF'
  | 'AMOUNT_EXCEEDS_OUTSTANDING'
  | 'TOO_MANY_BILLS'
  | 'DUPLICATE_BILL';
