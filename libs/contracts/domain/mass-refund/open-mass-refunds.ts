import type { Instant } from '#libs/kernel/time/index.js';
import type { MassRefundId } from './messages.js';

export interface OpenMassRefund {
  readonly massRefundId: MassRefundId;
  readonly lastAt: Instant;
}

/** Mass refunds that are agreed to and not done, as far as the log has been read. */
export interface OpenMassRefunds {
  /** Without a step since the moment, longest idle first. */
  idleSince(
    moment: Instant,
    limit: number,
    after: OpenMassRefund | undefined,
  ): Promise<readonly OpenMassRefund[]>;
}

/** Injection token of an `OpenMassRefunds`. */
export const OPEN_MASS_REFUNDS = Symbol('OPEN_MASS_REFUNDS');
