import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FileExists, FileTooLarge, type FileStore } from '#libs/files/port/index.js';

export interface FileStoreUnderTest {
  readonly files: FileStore;
  /** A new store over the same storage, as after a restart. */
  reopen(): Promise<FileStore>;
  close(): Promise<void>;
}

/** What every implementation of the FileStore port must do. */
export function fileStoreContract(name: string, open: () => Promise<FileStoreUnderTest>): void {
  describe(`FileStore contract: ${name}`, () => {
    let under: FileStoreUnderTest;
    beforeEach(async () => {
      under = await open();
    });
    afterEach(async () => {
      await under.close();
    });

    it('gives back what was put, with size and digest, after a restart too', async () => {
      const bytes = Uint8Array.from({ length: 700_001 }, (_, index) => index % 251);
      const parts = [
        bytes.subarray(0, 1),
        bytes.subarray(1, 300_000),
        new Uint8Array(),
        bytes.subarray(300_000),
      ];
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      expect(await under.files.put('a-1', chunks(parts), 700_001)).toEqual({ sizeBytes: 700_001, sha256 });
      expect((await read(under.files, 'a-1')).equals(bytes)).toBe(true);
      expect((await read(await under.reopen(), 'a-1')).equals(bytes)).toBe(true);
    });

    it('stores an empty file', async () => {
      await under.files.put('empty', chunks([]), 0);
      expect(await read(under.files, 'empty')).toEqual(Buffer.alloc(0));
      expect(await under.files.exists('empty')).toBe(true);
    });

    it('keeps nothing past the limit, and stops reading there', async () => {
      let pulled = 0;
      async function* endless(): AsyncGenerator<Uint8Array> {
        for (;;) {
          pulled += 1;
          yield new Uint8Array(1_000);
        }
      }
      await expect(under.files.put('big', endless(), 9_999)).rejects.toThrow(new FileTooLarge(9_999));
      expect(pulled).toBe(10);
      expect(await under.files.exists('big')).toBe(false);
      expect(await under.files.get('big')).toBeUndefined();
      await under.files.put('big', chunks([new Uint8Array(9_999)]), 9_999);
    });

    it('keeps nothing when the source breaks off', async () => {
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield new Uint8Array(10);
        throw new Error('connection lost');
      }
      await expect(under.files.put('half', broken(), 100)).rejects.toThrow('connection lost');
      expect(await under.files.exists('half')).toBe(false);
      await under.files.put('half', chunks([new Uint8Array(3)]), 100);
      expect(await read(await under.reopen(), 'half')).toEqual(Buffer.alloc(3));
    });

    it('shows nothing of a file before it is complete', async () => {
      const shown: boolean[] = [];
      async function* peeking(): AsyncGenerator<Uint8Array> {
        yield new Uint8Array(10);
        shown.push(await under.files.exists('slow'));
        shown.push((await under.files.get('slow')) !== undefined);
      }
      await under.files.put('slow', peeking(), 100);
      expect(shown).toEqual([false, false]);
    });

    it('never overwrites: of many writers one wins', async () => {
      const writers = Array.from({ length: 8 }, (_, writer) =>
        under.files.put('one', chunks([Uint8Array.of(writer)]), 10).then(
          () => writer,
          (error: unknown) => error,
        ),
      );
      const outcomes = await Promise.all(writers);
      const winners = outcomes.filter((outcome) => typeof outcome === 'number');
      expect(winners).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome instanceof FileExists)).toHaveLength(7);
      expect(await read(under.files, 'one')).toEqual(Buffer.from([winners[0] as number]));
    });

    it('deletes, and does so again without complaint', async () => {
      await under.files.put('gone', chunks([Uint8Array.of(1)]), 10);
      await under.files.delete('gone');
      await under.files.delete('gone');
      expect(await under.files.exists('gone')).toBe(false);
      expect(await under.files.get('gone')).toBeUndefined();
      await under.files.put('gone', chunks([Uint8Array.of(2)]), 10);
    });

    it('refuses ids that could become a path', async () => {
      for (const id of [
        '',
        '..',
        '../a',
        'a/b',
        'a\\b',
        '/etc',
        'A',
        'a.b',
        '.incoming',
        '-a',
        'a\0',
        'é',
        'a'.repeat(129),
      ]) {
        await expect(under.files.put(id, chunks([]), 10)).rejects.toThrow(RangeError);
        await expect(under.files.get(id)).rejects.toThrow(RangeError);
        await expect(under.files.exists(id)).rejects.toThrow(RangeError);
        await expect(under.files.delete(id)).rejects.toThrow(RangeError);
      }
    });

    it('lets a reader stop early', async () => {
      await under.files.put('long', chunks([new Uint8Array(2_000_000)]), 2_000_000);
      for await (const chunk of (await under.files.get('long'))!) {
        expect(chunk.byteLength).toBeGreaterThan(0);
        break;
      }
      await under.files.delete('long');
    });
  });
}

async function* chunks(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

async function read(files: FileStore, id: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of (await files.get(id))!) parts.push(chunk);
  return Buffer.concat(parts);
}
