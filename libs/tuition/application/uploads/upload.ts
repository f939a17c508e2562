import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { FileStore } from '#libs/files/port/index.js';

/** What was announced, kept beside the upload until the import is over. */
export interface AnnouncedUpload {
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  readonly fileName: string;
}

const MAX_SIDECAR_BYTES = 4 * 1024;

export function sidecarOf(uploadId: string): string {
  return `${uploadId}-about`;
}

export async function writeAnnouncement(
  files: FileStore,
  uploadId: string,
  about: AnnouncedUpload,
): Promise<void> {
  async function* content(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(JSON.stringify(about));
  }
  await files.put(sidecarOf(uploadId), content(), MAX_SIDECAR_BYTES);
}

/** `undefined` for an id that was never announced, whatever it looks like. */
export async function readAnnouncement(
  files: FileStore,
  uploadId: string,
): Promise<AnnouncedUpload | undefined> {
  if (!/^upload-[0-9a-f-]{36}$/.test(uploadId)) return undefined;
  const content = await files.get(sidecarOf(uploadId));
  if (!content) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as AnnouncedUpload;
}
