import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Only the owner may read or write. */
const OWNER_ONLY = 0o600;

/**
 * Reads a JSON file of secrets, made by `make` where it does not exist. Safe when two processes come first at the same
 * time: one of them wins, both read the winner's.
 */
export async function obtainSecretFile<Content>(
  path: string,
  make: () => Content | Promise<Content>,
): Promise<Content> {
  const existing = await readSecretFile<Content>(path);
  if (existing) return existing;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const aside = await writeAside(path, await make());
  try {
    // Unlike a rename, a link never replaces what another process put there first.
    await link(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(aside, { force: true });
  }
  await syncFolder(dirname(path));
  return (await readSecretFile<Content>(path)) as Content;
}

export async function readSecretFile<Content>(path: string): Promise<Content | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Content;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Replaces the whole file; a reader sees the old content or the new, never half. */
export async function replaceSecretFile<Content>(path: string, content: Content): Promise<void> {
  await rename(await writeAside(path, content), path);
  await syncFolder(dirname(path));
}

async function writeAside(path: string, content: unknown): Promise<string> {
  const aside = `${path}.${randomUUID()}.tmp`;
  const file = await open(aside, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(`${JSON.stringify(content)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return aside;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
