import { mkdtemp, readdir, rm, stat, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { FilesUnavailable } from '#libs/files/port/index.js';
import { fileStoreContract } from '#libs/testing/contracts/files.js';
import { sequentialIds } from '#libs/testing/runtime/index.js';
import { diskFileStore } from './index.js';

fileStoreContract('disk', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-files-'));
  return {
    files: await diskFileStore({ directory, ids: sequentialIds() }),
    reopen: () => diskFileStore({ directory, ids: sequentialIds() }),
    close: () => rm(directory, { recursive: true }),
  };
});

describe('diskFileStore', () => {
  it('removes what a killed process left half written, and keeps files to their owner', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sluice-files-'));
    await diskFileStore({ directory, ids: sequentialIds() });
    await writeFile(join(directory, '.incoming', 'half'), 'abc');
    const files = await diskFileStore({ directory, ids: sequentialIds() });
    await files.put('whole', one(Buffer.from('abc')), 10);
    expect(await readdir(join(directory, '.incoming'))).toEqual([]);
    expect((await readdir(directory)).sort()).toEqual(['.incoming', 'whole']);
    expect((await stat(join(directory, 'whole'))).mode & 0o777).toBe(0o600);
    await rm(directory, { recursive: true });
  });

  it('says that the storage refused', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sluice-files-'));
    const files = await diskFileStore({ directory, ids: sequentialIds() });
    await rm(directory, { recursive: true });
    await expect(files.put('a', one(Buffer.from('abc')), 10)).rejects.toThrow(FilesUnavailable);
    await writeFile(directory, 'a file where the directory was');
    await expect(diskFileStore({ directory, ids: sequentialIds() })).rejects.toThrow(FilesUnavailable);
    await chmod(directory, 0o600);
    await rm(directory);
  });
});

async function* one(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk;
}
