import type { TransferId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

export interface OpenTransfer {
  readonly transferId: TransferId;
  readonly lastStepAt: Instant;
}

/** What is under way or left behind, as far as the projection has read the log. */
export interface OpenTransferList {
  /** Those without a step since the moment, longest idle first; `after` one of them: the page behind it, in the same order. */
  idleSince(moment: Instant, limit: number, after?: OpenTransfer): Promise<readonly OpenTransfer[]>;
}

/** Injection token of `OpenTransferList`. */
export const OPEN_TRANSFERS = Symbol('OPEN_TRANSFERS');
