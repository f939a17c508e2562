/** What anybody may learn of a receipt who holds its verification code. */
import { Query } from '@nestjs/cqrs';
import type { OrganisationId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

export interface ReceiptVerification {
  /** `CANCELLED`: it was issued and counts no longer. */
  readonly status: 'VALID' | 'CANCELLED';
  readonly number: string;
  readonly organisation: { readonly code: string; readonly nameZh: string; readonly nameEn: string };
  readonly total: Money;
  readonly issuedAt: Instant;
  /** `G2*****01`: enough for the payer to know it again, too little to learn it. */
  readonly payerNumbers: readonly string[];
}

/**
 * Asks without signing in. `undefined` for a code that nobody issued, that is no code at all, or that is not the
 * organisation's: all alike. Codes are read as people write them: small letters, groups, O for 0, I and L for 1.
 */
export class VerifyReceipt extends Query<ReceiptVerification | undefined> {
  constructor(
    readonly code: string,
    /** Absent where the code came with its link. */
    readonly organisationId?: OrganisationId,
  ) {
    super();
  }
}
