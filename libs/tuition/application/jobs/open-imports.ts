import type { ImportId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

/**
 * Where a restarted process learns which imports want attention. Implemented by the read model; what it answers only
 * wakes a job, which then looks at the import's stream itself.
 */
export interface OpenImports {
  /** Being checked or published, or over with working data still to be deleted; oldest first, at most `limit`. */
  unfinished(limit: number): Promise<readonly ImportId[]>;
  /** Published before `before`, with faulty rows still kept. */
  keptSince(before: Instant, limit: number): Promise<readonly ImportId[]>;
}

export const OPEN_IMPORTS = Symbol('OPEN_IMPORTS');
