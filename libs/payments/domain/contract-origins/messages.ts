import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { ContractId, PaymentId, TenantId } from '#libs/kernel/ids/index.js';
import type { Money, Posting } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

/** Where a deposit of a contract came from, and where it goes back to. */
export type Origin =
  | { readonly kind: 'payment'; readonly paymentId: PaymentId }
  | { readonly kind: 'contract'; readonly contractId: ContractId };

/** A share of a payout that goes back to the origin of one deposit. */
export interface ReturnedPart {
  readonly depositId: string;
  readonly origin: Origin;
  readonly amount: Money;
}

export type ContractOriginsCommand =
  | {
      readonly kind: 'record';
      readonly contractId: ContractId;
      readonly tenant: TenantId;
      readonly depositId: string;
      readonly origin: Origin;
      readonly amount: Money;
      readonly at: Instant;
    }
  /** The contract has paid so much back to where its money came from; to whom exactly is decided here. */
  | {
      readonly kind: 'return';
      readonly contractId: ContractId;
      readonly tenant: TenantId;
      readonly payoutId: string;
      readonly role: string;
      readonly amount: Money;
      readonly at: Instant;
    };

export type ContractOriginRecorded = DomainEvent<
  'ContractOriginRecorded',
  {
    readonly contractId: ContractId;
    readonly tenant: TenantId;
    readonly depositId: string;
    readonly origin: Origin;
    readonly amount: Money;
    readonly recordedAt: Instant;
  }
>;

/**
 * Which deposits a payout goes back to, the youngest first. Postings `clearing:payout` → `clearing:funding` for what goes back
 * to other contracts; `unknown` is what no deposit stands for, which stays in `clearing:payout` for a person to look at.
 */
export type ContractReturnPlanned = DomainEvent<
  'ContractReturnPlanned',
  {
    readonly contractId: ContractId;
    readonly payoutId: string;
    readonly role: string;
    readonly amount: Money;
    readonly parts: readonly ReturnedPart[];
    readonly unknown: Money;
    readonly postings: readonly Posting[];
    readonly plannedAt: Instant;
  }
>;

export type ContractOriginsEvent = ContractOriginRecorded | ContractReturnPlanned;

/** The same deposit or payout again with another amount. */
export type ContractOriginsRefusal = Rejection<'IDEMPOTENCY_CONFLICT'>;
