import type { TransferId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

/** What is under way or left behind, as far as the projection has read the log. */
export interface OpenTransferList {
  /** Ids of those without a step since the moment, longest idle first. */
  idleSince(moment: Instant, limit: number): Promise<readonly TransferId[]>;
}

/** Injection token of `OpenTransferList`. */
export const OPEN_TRANSFERS = Symbol('OPEN_TRANSFERS');
