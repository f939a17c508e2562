import { createHash } from 'node:crypto';
import { link, mkdir, open, readdir, stat, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ids } from '#libs/runtime/port/index.js';
import { FileExists, FilesUnavailable, FileTooLarge, type FileStore } from '#libs/files/port/index.js';

export interface DiskFileStoreOptions {
  /** Made when missing. One file per id lies in it; what is half written lies in `.incoming/`. */
  readonly directory: string;
  /** Names the half-written files. */
  readonly ids: Ids;
}

const ID = /^[a-z0-9][a-z0-9-]{0,127}$/;
/** No id holds a dot, so this can never be one. */
const INCOMING = '.incoming';
/** Owner only: uploads hold personal data. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
const READ_CHUNK_BYTES = 256 * 1024;

/**
 * The FileStore port on a directory. A file is written aside, fsynced, then linked to its name: it is there whole or not
 * at all, and an id is never overwritten. One process at a time owns the directory: opening it removes what an earlier
 * process left half written.
 *
 * @throws FilesUnavailable when the directory cannot be made or read
 */
export async function diskFileStore(options: DiskFileStoreOptions): Promise<FileStore> {
  const { directory, ids } = options;
  const incoming = join(directory, INCOMING);
  await guarded(async () => {
    await mkdir(incoming, { recursive: true, mode: DIRECTORY_MODE });
    for (const name of await readdir(incoming)) await unlink(join(incoming, name));
    await syncDirectory(directory);
  });

  return {
    async put(id, content, maxBytes) {
      const target = pathOf(directory, id);
      if (await isThere(target)) throw new FileExists(`The file ${id} exists.`);
      const aside = join(incoming, ids.next());
      try {
        const written = await writeAside(aside, content, maxBytes);
        await guarded(() => publish(aside, target, directory), id);
        return written;
      } finally {
        await unlink(aside).catch(ignoreMissing);
      }
    },
    async get(id) {
      const path = pathOf(directory, id);
      const handle = await guarded(() => open(path, 'r').catch(undefinedIfMissing));
      return handle && chunksOf(handle);
    },
    exists: async (id) => isThere(pathOf(directory, id)),
    async delete(id) {
      const path = pathOf(directory, id);
      await guarded(async () => {
        if (await unlink(path).then(() => true, undefinedIfMissing)) await syncDirectory(directory);
      });
    },
  };
}

function pathOf(directory: string, id: string): string {
  if (!ID.test(id)) throw new RangeError('A file id is 1 to 128 of a-z, 0-9 and "-".');
  return join(directory, id);
}

/** Streams to a new file and makes its bytes durable; the size is checked before each write, so that nothing overflows. */
async function writeAside(
  path: string,
  content: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<{ sizeBytes: number; sha256: string }> {
  const sha256 = createHash('sha256');
  let sizeBytes = 0;
  const handle = await guarded(() => open(path, 'wx', FILE_MODE));
  try {
    for await (const chunk of content) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) throw new FileTooLarge(maxBytes);
      sha256.update(chunk);
      await guarded(() => writeAll(handle, chunk));
    }
    await guarded(() => handle.sync());
  } finally {
    await handle.close();
  }
  return { sizeBytes, sha256: sha256.digest('hex') };
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.byteLength;) {
    const { bytesWritten } = await handle.write(chunk, offset, chunk.byteLength - offset);
    offset += bytesWritten;
  }
}

/** `link` fails when the name is taken, `rename` would replace it; that is why. */
async function publish(aside: string, target: string, directory: string): Promise<void> {
  await link(aside, target);
  await syncDirectory(directory);
}

async function* chunksOf(handle: FileHandle): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const buffer = new Uint8Array(READ_CHUNK_BYTES);
      const { bytesRead } = await guarded(() => handle.read(buffer, 0, buffer.length));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** A name is durable only when its directory is synced too. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await guarded(() => stat(path).then(() => true, undefinedIfMissing))) ?? false;
}

async function guarded<Value>(act: () => Promise<Value>, id = ''): Promise<Value> {
  try {
    return await act();
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') throw new FileExists(`The file ${id} exists.`);
    throw new FilesUnavailable(`The file storage refused: ${codeOf(cause) ?? 'unknown'}.`, { cause });
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function ignoreMissing(error: unknown): void {
  undefinedIfMissing(error);
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code;
}
