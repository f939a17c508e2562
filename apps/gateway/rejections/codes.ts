import type { Command } from '@nestjs/cqrs';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { CancelBill, DefineFeeItem } from '#libs/billing/contract/index.js';
import type { RegisterOrganisation } from '#libs/onboarding/contract/index.js';
import type { OpenWallet, PayBills, TopUpWallet } from '#libs/payments/contract/index.js';
import type {
  AnnounceUpload,
  CancelImport,
  EraseStudentData,
  PublishImport,
  StartImport,
} from '#libs/tuition/contract/index.js';

type RefusalIn<Result> = Result extends {
  readonly accepted: false;
  readonly rejection: infer Refusal extends Rejection;
}
  ? Refusal['code']
  : never;

/** The codes a command can be refused with, from its contract. */
export type RejectionCodeOf<C> = C extends Command<infer Result> ? RefusalIn<Result> : never;

/** Forces the table to name every code of the command and no other. */
function codes<C>(table: Readonly<Record<RejectionCodeOf<C>, true>>): readonly RejectionCodeOf<C>[] {
  return Object.keys(table) as RejectionCodeOf<C>[];
}

/**
 * By mutation: the rejections of the command behind it. The compiler holds the table to the contracts, a test holds the
 * unions of the SDL to the table.
 */
export const REJECTIONS = {
  registerOrganisation: codes<RegisterOrganisation>({ FORBIDDEN: true, ORGANISATION_EXISTS: true }),
  defineFeeItem: codes<DefineFeeItem>({
    FORBIDDEN: true,
    FEE_ITEM_CODE_TAKEN: true,
    IDEMPOTENCY_CONFLICT: true,
    INVALID_FEE_ITEM: true,
  }),
  cancelBill: codes<CancelBill>({
    FORBIDDEN: true,
    BILL_NOT_FOUND: true,
    BILL_ALREADY_PAID: true,
    BILL_RESERVED: true,
    BILL_CANCELLED: true,
  }),
  openWallet: codes<OpenWallet>({ FORBIDDEN: true, IDEMPOTENCY_CONFLICT: true }),
  topUpWallet: codes<TopUpWallet>({
    FORBIDDEN: true,
    WALLET_NOT_FOUND: true,
    IDEMPOTENCY_CONFLICT: true,
    INVALID_AMOUNT: true,
    LIMIT_EXCEEDED: true,
  }),
  payBills: codes<PayBills>({
    FORBIDDEN: true,
    IDEMPOTENCY_CONFLICT: true,
    BILL_NOT_FOUND: true,
    BILL_ALREADY_PAID: true,
    BILL_CANCELLED: true,
    BILL_RESERVED: true,
    AMOUNT_EXCEEDS_OUTSTANDING: true,
    AMOUNT_MISMATCH: true,
    WALLET_NOT_FOUND: true,
    INSUFFICIENT_FUNDS: true,
    CASH_SHORT: true,
    TOO_MANY_BILLS: true,
    DUPLICATE_BILL: true,
    PARTIAL_NOT_ALLOWED: true,
    PAYMENT_INTERRUPTED: true,
  }),
  createUpload: codes<AnnounceUpload>({ FORBIDDEN: true, UNSUPPORTED_FILE: true }),
  startImport: codes<StartImport>({ FORBIDDEN: true, UPLOAD_NOT_FOUND: true, IDEMPOTENCY_CONFLICT: true }),
  issueBills: codes<PublishImport>({
    FORBIDDEN: true,
    IMPORT_NOT_FOUND: true,
    IMPORT_NOT_CHECKED: true,
    IMPORT_HAS_ERRORS: true,
    IMPORT_CANCELLED: true,
    NOTHING_TO_ISSUE: true,
  }),
  cancelImport: codes<CancelImport>({
    FORBIDDEN: true,
    IMPORT_NOT_FOUND: true,
    IMPORT_ALREADY_PUBLISHED: true,
  }),
  eraseStudentData: codes<EraseStudentData>({ FORBIDDEN: true, STUDENT_NOT_FOUND: true }),
} as const;

/** Every code a client can meet. */
export type PublicRejectionCode = (typeof REJECTIONS)[keyof typeof REJECTIONS][number];
