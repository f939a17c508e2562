/** Payouts of release contracts that could not be handed over. */
import { Command } from '@nestjs/cqrs';
import type { CaseId } from '#libs/cases/contract/index.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { ContractId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { RequestContext } from '#libs/security/port/index.js';

export interface DeliveredPayout {
  /** Resolved by this. */
  readonly caseId: CaseId;
  /** That paid out. */
  readonly contractId: ContractId;
  /** The contract's `releaseId` or `refundId`. */
  readonly payoutId: string;
  readonly role: string;
  /** All of what the role got; the case may have been about a part. */
  readonly amount: Money;
}

export type RetryPayoutRejectionCode =
  'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT' | 'PAYOUT_NOT_FOUND' | 'PAYOUT_STILL_UNDELIVERABLE';

/**
 * Role `ops` of the tenant: tries a payout that a case `payoutUndeliverable` is about once more, by the very same steps and to where
 * the contract says, and resolves the case when it has arrived. As often as one likes: what has arrived arrives no second time.
 */
export class RetryPayout extends Command<Outcome<DeliveredPayout, Rejection<RetryPayoutRejectionCode>>> {
  constructor(
    readonly context: RequestContext,
    readonly input: { readonly idempotencyKey: string; readonly caseId: CaseId },
  ) {
    super();
  }
}
