import { setTimeout as pause } from 'node:timers/promises';
import type { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FileStore } from '#libs/files/port/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import {
  AnnounceUpload,
  ImportById,
  PublishImport,
  StartImport,
  type ImportState,
  type ImportView,
} from '#libs/tuition/contract/index.js';
import { accepted } from './accepted.js';
import { bursarOf, organisationAt } from './callers.js';

const POLL_MS = 5;
const PATIENCE_MS = 240_000;

export interface ImportTarget {
  readonly commands: CommandBus;
  readonly queries: QueryBus;
  readonly files: FileStore;
}

export interface ImportFigures {
  readonly checkedMs: number;
  /** From the upload to the last bill, the check included. */
  readonly publishedMs: number;
  readonly issued: number;
}

/** Hands in a file and publishes it, as a bursar does; without HTTP. */
export async function publishFile(
  target: ImportTarget,
  { content, key }: { readonly content: Uint8Array; readonly key: string },
): Promise<ImportFigures> {
  const organisationId = organisationAt(0);
  const context = bursarOf(organisationId);
  const startedMs = performance.now();
  const announcement = new AnnounceUpload(context, { organisationId, fileName: `${key}.csv` });
  const { uploadId, maxBytes } = accepted(await target.commands.execute(announcement), 'announce a file');
  await target.files.put(uploadId, chunkOf(content), maxBytes);
  const start = { idempotencyKey: `bench-import-${key}`, uploadId, errorPolicy: 'all-or-nothing' } as const;
  const { id } = accepted(await target.commands.execute(new StartImport(context, start)), 'check a file');
  await reached(target.queries, context, id, 'CHECKED');
  const checkedMs = performance.now() - startedMs;
  const publish = { idempotencyKey: `bench-publish-${key}`, importId: id };
  accepted(await target.commands.execute(new PublishImport(context, publish)), 'publish a file');
  const { result } = await reached(target.queries, context, id, 'PUBLISHED');
  return { checkedMs, publishedMs: performance.now() - startedMs, issued: result?.issued ?? 0 };
}

async function* chunkOf(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

async function reached(
  queries: QueryBus,
  context: RequestContext,
  id: ImportView['id'],
  state: ImportState,
): Promise<ImportView> {
  const giveUpAtMs = performance.now() + PATIENCE_MS;
  while (performance.now() < giveUpAtMs) {
    const found = await queries.execute(new ImportById(context, id));
    if (found?.state === state) return found;
    if (found?.state === 'FAILED') throw new Error(`The import failed: ${JSON.stringify(found.failure)}`);
    await pause(POLL_MS);
  }
  throw new Error(`The import was not ${state} in time.`);
}
