import {
  AnnounceUpload,
  ImportById,
  type ImportState,
  type ImportView,
  PublishImport,
  StartImport,
} from '#libs/tuition/contract/index.js';
import { bursarOf, contextOf } from './demo-callers.js';
import type { PlannedWave } from './demo-plan.js';
import type { DemoSchool } from './demo-schools.js';
import { rosterFile } from './roster-file.js';
import { accepted, SeedRefused, type SeedTarget } from './seed-target.js';

const POLL_MS = 10;
/** A wave of the full demo has 3,600 rows; it takes seconds even on a slow disk. */
const PATIENCE_MS = 120_000;

/** Hands in the wave's file and publishes it, as a bursar does: drop, review, publish. */
export async function publishRoster(
  target: SeedTarget,
  school: DemoSchool,
  wave: PlannedWave,
): Promise<void> {
  const { organisation } = school;
  const context = contextOf(bursarOf(organisation));
  const fileName = `${organisation.nameZh}-${wave.name}.csv`;
  const announcement = new AnnounceUpload(context, { organisationId: organisation.id, fileName });
  const { uploadId, maxBytes } = accepted(await target.execute(announcement), `announce ${fileName}`);
  await target.files.put(uploadId, chunkOf(rosterFile(wave)), maxBytes);
  const start = {
    idempotencyKey: `demo-import-${uploadId}`,
    uploadId,
    errorPolicy: 'all-or-nothing' as const,
  };
  const started = accepted(await target.execute(new StartImport(context, start)), `check ${fileName}`);
  await reached(target, { context, fileName, id: started.id }, 'CHECKED');
  const publish = { idempotencyKey: `demo-publish-${uploadId}`, importId: started.id };
  accepted(await target.execute(new PublishImport(context, publish)), `publish ${fileName}`);
  const published = await reached(target, { context, fileName, id: started.id }, 'PUBLISHED');
  if (published.result && published.result.refused > 0) {
    throw new SeedRefused(`${fileName}: ${published.result.refused} rows were refused.`);
  }
}

async function* chunkOf(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

interface Awaited {
  readonly context: ReturnType<typeof contextOf>;
  readonly fileName: string;
  readonly id: ImportView['id'];
}

async function reached(
  target: SeedTarget,
  { context, fileName, id }: Awaited,
  state: ImportState,
): Promise<ImportView> {
  const until = target.clock.monotonicMs() + PATIENCE_MS;
  while (target.clock.monotonicMs() < until) {
    const found = await target.query(new ImportById(context, id));
    if (found?.state === state) return found;
    if (found?.state === 'FAILED' || found?.state === 'CANCELLED') {
      throw new SeedRefused(
        `${fileName}: ${found.state} ${found.failure?.code ?? ''} ${found.failure?.message ?? ''}`,
      );
    }
    await target.timers.sleep(POLL_MS);
  }
  throw new SeedRefused(`${fileName} was not ${state} within ${PATIENCE_MS / 1_000} s.`);
}
