import type { ExpectedRevision } from '#libs/event-log/port/index.js';
import { invalidArgument } from './failures.js';

/** The oneof that Append, Delete and Tombstone share. */
interface RevisionOption {
  hasRevision(): boolean;
  getRevision(): string;
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
}

export function expectedRevisionOf(options: RevisionOption): ExpectedRevision {
  if (options.hasRevision()) return revisionNumber(options.getRevision());
  if (options.hasNoStream()) return 'no-stream';
  if (options.hasStreamExists()) return 'stream-exists';
  return 'any';
}

/** A revision or position as sent (uint64 as text). @throws Failure INVALID_ARGUMENT past 2^53 - 1 */
export function revisionNumber(text: string): number {
  const revision = Number(text);
  if (!Number.isSafeInteger(revision)) throw invalidArgument(`${text} is beyond what this node can count.`);
  return revision;
}

/** The stream of a request. @throws Failure INVALID_ARGUMENT without a name */
export function streamNameOf(identifier: { getStreamName_asU8(): Uint8Array } | undefined): string {
  const name = identifier ? Buffer.from(identifier.getStreamName_asU8()).toString('utf8') : '';
  if (name === '') throw invalidArgument('The request names no stream.');
  return name;
}
