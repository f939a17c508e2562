import { createHash } from 'node:crypto';
import type { ExportedEvent } from './export.js';
import { Verdict } from './verdict.js';

const GENESIS = '0'.repeat(64);

/** Positions grow, revisions are dense from 0. */
export class LogOrder {
  readonly verdict = new Verdict('log', 'positions grow, revisions are dense from 0');
  readonly #revisions = new Map<string, number>();
  #last: readonly bigint[] = [];

  observe(event: ExportedEvent): void {
    const position = positionOf(event.position);
    this.verdict.expect(
      position !== undefined && isAfter(position, this.#last),
      () => `position ${event.position} of ${at(event)}`,
    );
    this.#last = position ?? this.#last;
    const revision = (this.#revisions.get(event.stream) ?? -1) + 1;
    this.verdict.expect(event.revision === revision, () => `${at(event)} where revision ${revision} was due`);
    this.#revisions.set(event.stream, event.revision);
  }
}

/** I7: every event's hash covers the event before it in the stream and itself. */
export class HashChain {
  readonly verdict = new Verdict('I7', 'the hash chain of every stream verifies');
  readonly #hashes = new Map<string, string>();

  observe(event: ExportedEvent): void {
    const { hash, ...metadata } = event.metadata;
    // The last key of the stored metadata; taking it out leaves the text that was hashed.
    const lines = [
      this.#hashes.get(event.stream) ?? GENESIS,
      event.id,
      String(event.revision),
      JSON.stringify(event.stream),
      JSON.stringify(event.type),
      JSON.stringify(event.data),
      JSON.stringify(metadata),
    ];
    const expected = createHash('sha256').update(lines.join('\n'), 'utf8').digest('hex');
    this.verdict.expect(hash === expected, () => `${at(event)} does not match its hash`);
    // Going on from the hash as stored, so that one bad event is reported once and not with everything after it.
    this.#hashes.set(event.stream, typeof hash === 'string' ? hash : expected);
  }
}

export function at(event: Pick<ExportedEvent, 'type' | 'stream' | 'revision'>): string {
  return `${event.type} at ${event.stream}@${event.revision}`;
}

/** `C` or `C/P`. */
function positionOf(text: string): readonly bigint[] | undefined {
  return /^\d+(\/\d+)?$/.test(text) ? text.split('/').map(BigInt) : undefined;
}

function isAfter(position: readonly bigint[], last: readonly bigint[]): boolean {
  const [commit = 0n, prepare = commit] = position;
  const [lastCommit = -1n, lastPrepare = lastCommit] = last;
  return commit > lastCommit || (commit === lastCommit && prepare > lastPrepare);
}
