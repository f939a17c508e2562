import { readdir } from 'node:fs/promises';
import path from 'node:path';

const SKIPPED_NAMES = new Set(['node_modules', 'dist', 'coverage', '.git', '.state']);
// Planted violations must not be found by the normal run; the browser apps are a package of their own.
const SKIPPED_PATHS = new Set(['e2e/architecture/fixtures', 'infra/toolchain/node']);

/** Files below `folder` (relative to `root`) that `wanted` accepts, sorted; empty when the folder is missing. */
export async function filesBelow(
  root: string,
  folder: string,
  wanted: (file: string) => boolean,
): Promise<string[]> {
  const found: string[] = [];
  await walk(root, folder, (file) => {
    if (wanted(file)) found.push(file);
  });
  return found.sort();
}

async function walk(root: string, folder: string, visit: (file: string) => void): Promise<void> {
  const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (SKIPPED_NAMES.has(entry.name) || SKIPPED_PATHS.has(file)) continue;
    if (entry.isDirectory()) await walk(root, file, visit);
    else visit(file);
  }
}
