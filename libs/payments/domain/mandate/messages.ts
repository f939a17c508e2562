import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { BillId, Id, OrganisationId, PaymentId, TenantId, WalletId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';

export type MandateId = Id<'mandate'>;

/** A payer lets an organisation's bills for one payer number be paid by a sub-wallet, month by month. */
export interface MandateTerms {
  readonly mandateId: MandateId;
  readonly tenant: TenantId;
  /** Owner of the wallet. */
  readonly account: string;
  readonly organisationId: OrganisationId;
  /** Student number, customer number …: whose bills. */
  readonly payerNumber: string;
  readonly walletId: WalletId;
  /** Pushed to the organisation; its limits bound what a mandate can take. */
  readonly subWalletId: string;
  /** 1 to 28, so that every month has it. */
  readonly dayOfMonth: number;
  readonly from: LocalDate;
  /** Last day; null: until revoked. */
  readonly until: LocalDate | null;
  /** Days after a run's day on which what failed is tried again, ascending. */
  readonly retryAfterDays: readonly number[];
  readonly inputHash: string;
  readonly givenAt: Instant;
}

/** What became of one bill in a run. `code` is the rejection's; null when it was paid. */
export interface MandateResult {
  readonly billId: BillId;
  readonly paymentId: PaymentId | null;
  readonly code: string | null;
}

/** An open bill and what it asks for on the day of the run. */
export interface MandateBill {
  readonly billId: BillId;
  readonly amount: Money;
}

export type MandateCommand =
  | ({ readonly kind: 'give' } & MandateTerms)
  | { readonly kind: 'revoke'; readonly by: 'payer' | 'closedSubWallet'; readonly at: Instant }
  /** What a run is going to pay is fixed before the first payment: whoever takes it up again pays the very same. */
  | {
      readonly kind: 'beginRun';
      readonly due: LocalDate;
      readonly bills: readonly MandateBill[];
      readonly at: Instant;
    }
  /** Payments of the run are done; the same run again changes nothing. */
  | {
      readonly kind: 'recordRun';
      readonly due: LocalDate;
      readonly results: readonly MandateResult[];
      readonly at: Instant;
    };

export type MandateGiven = DomainEvent<'MandateGiven', MandateTerms & { readonly nextRun: NextRun | null }>;

export type MandateRevoked = DomainEvent<
  'MandateRevoked',
  {
    readonly mandateId: MandateId;
    readonly by: 'payer' | 'closedSubWallet';
    readonly revokedAt: Instant;
  }
>;

/** A day on which the mandate pays. `attempt` 0 is the month's first, later ones are retries of `of`. */
export interface NextRun {
  readonly due: LocalDate;
  readonly attempt: number;
  /** The month's first day of paying, which retries count from. */
  readonly of: LocalDate;
}

export type MandateRunBegun = DomainEvent<
  'MandateRunBegun',
  {
    readonly mandateId: MandateId;
    readonly run: NextRun;
    /** Oldest first. */
    readonly bills: readonly MandateBill[];
    readonly begunAt: Instant;
  }
>;

export type MandateRun = DomainEvent<
  'MandateRun',
  {
    readonly mandateId: MandateId;
    readonly run: NextRun;
    readonly results: readonly MandateResult[];
    /** Something failed and no retry is left this month: the payer has to act. */
    readonly exhausted: boolean;
    /** Null: the mandate has come to its last day. */
    readonly nextRun: NextRun | null;
    readonly ranAt: Instant;
  }
>;

export type MandateEvent = MandateGiven | MandateRevoked | MandateRunBegun | MandateRun;

export type MandateRefusal = Rejection<'MANDATE_NOT_FOUND' | 'IDEMPOTENCY_CONFLICT' | 'MANDATE_ENDED'>;
