import { ANY, NO_STREAM, STREAM_EXISTS, WrongExpectedVersionError } from '@eventstore/db-client';
import { RevisionConflict } from '#libs/event-log/port/index.js';
import type { ExpectedRevision } from '#libs/event-log/port/index.js';
import type { Connection } from './connection.js';
import type { Reads } from './reads.js';

export interface Removal {
  readonly how: 'deleteStream' | 'tombstoneStream';
  readonly stream: string;
  readonly expected: ExpectedRevision;
}

/** Times a stream that grows meanwhile is looked at again before giving up. */
const RACES_BEARABLE = 10;

/** @throws the client's errors, RevisionConflict */
export async function removeStream(connection: Connection, reads: Reads, removal: Removal): Promise<void> {
  const { how, stream, expected } = removal;
  if (expected === 'stream-exists' && how === 'deleteStream')
    return deleteExisting(connection, reads, stream);
  await connection.client[how](stream, { expectedRevision: clientRevisionOf(expected) as bigint });
}

function clientRevisionOf(
  expected: ExpectedRevision,
): bigint | typeof ANY | typeof NO_STREAM | typeof STREAM_EXISTS {
  switch (expected) {
    case 'any':
      return ANY;
    case 'no-stream':
      return NO_STREAM;
    case 'stream-exists':
      return STREAM_EXISTS;
    default:
      return BigInt(expected);
  }
}

/** The client's deleteStream cannot say "stream exists": it deletes at the revision read, again when that has moved on. */
async function deleteExisting(connection: Connection, reads: Reads, stream: string): Promise<void> {
  for (let race = 0; ; race += 1) {
    let last: number | undefined;
    for await (const [event] of reads.stream(stream, { direction: 'backwards', limit: 1 }))
      last = event!.revision;
    if (last === undefined) throw new RevisionConflict(stream, 'stream-exists', 'no-stream');
    try {
      await connection.client.deleteStream(stream, { expectedRevision: BigInt(last) });
      return;
    } catch (error) {
      if (race >= RACES_BEARABLE || !(error instanceof WrongExpectedVersionError)) {
        throw error;
      }
    }
  }
}
