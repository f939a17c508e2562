import { randomUUID } from 'node:crypto';
import type { StreamMetadata } from '#libs/event-log/port/index.js';
import type { Appends } from './appends.js';
import type { Reads } from './reads.js';

/** EventStoreDB keeps a stream's metadata as the last event of the stream `$$<name>`. */
function metadataStreamOf(stream: string): string {
  return `$$${stream}`;
}

export async function readMetadata(reads: Reads, stream: string): Promise<StreamMetadata> {
  for await (const [event] of reads.stream(metadataStreamOf(stream), { direction: 'backwards', limit: 1 })) {
    const { $maxCount, $maxAge, $tb } = event!.data;
    return {
      ...(typeof $maxCount === 'number' ? { maxCount: $maxCount } : {}),
      ...(typeof $maxAge === 'number' ? { maxAgeSeconds: $maxAge } : {}),
      // A soft-deleted stream has int64's largest there, which is no revision.
      ...(Number.isSafeInteger($tb) ? { truncateBefore: $tb as number } : {}),
    };
  }
  return {};
}

export async function writeMetadata(
  appends: Appends,
  stream: string,
  metadata: StreamMetadata,
): Promise<void> {
  const data = {
    ...(metadata.maxCount === undefined ? {} : { $maxCount: metadata.maxCount }),
    ...(metadata.maxAgeSeconds === undefined ? {} : { $maxAge: metadata.maxAgeSeconds }),
    ...(metadata.truncateBefore === undefined ? {} : { $tb: metadata.truncateBefore }),
  };
  const event = { id: randomUUID(), type: '$metadata', data, metadata: {} };
  await appends.append(metadataStreamOf(stream), 'any', [event]);
}
