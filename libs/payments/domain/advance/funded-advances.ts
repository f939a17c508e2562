import type { AdvanceId } from '#libs/kernel/ids/index.js';

/** Advances with money to spend, as far as the projection has read the log. */
export interface FundedAdvanceList {
  /** By id; the next page begins after the last id of the one before. */
  funded(limit: number, after?: AdvanceId): Promise<readonly AdvanceId[]>;
}

/** Injection token of `FundedAdvanceList`. */
export const FUNDED_ADVANCES = Symbol('FUNDED_ADVANCES');
