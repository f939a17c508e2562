import { decodePosition, type Position } from '#libs/event-log/port/index.js';

/** Most postings of one event. */
export const MOST_POSTINGS = 1_024;

/**
 * The order of the log as one whole number: where the event lies, times 1,024, to which the number of the posting in its
 * event is added. With positions that are bytes, as in EventStoreDB, it holds for a log of 8 TB.
 *
 * @throws RangeError beyond that
 */
export function firstEntryAt(position: Position): number {
  const first = Number(decodePosition(position).prepare) * MOST_POSTINGS;
  if (!Number.isSafeInteger(first + MOST_POSTINGS))
    throw new RangeError(`Position ${position} is beyond what the ledger can number.`);
  return first;
}
