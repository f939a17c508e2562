import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SubjectId } from '#libs/kernel/ids/index.js';
import { systemRng } from '#libs/runtime/system/index.js';
import { subjectKeysContract } from '#libs/testing/contracts/subject-keys.js';
import { memorySubjectKeys } from '#libs/testing/memory-subject-keys.js';
import { SubjectKeysUnavailable } from '../port/index.js';
import { loadMasterKey } from './master-key.js';
import { SqliteSubjectKeys } from './subject-keys-sqlite.js';

const masterKey = new Uint8Array(32).fill(3);
const a = 'a' as SubjectId;

subjectKeysContract('memory', async () => {
  const keys = memorySubjectKeys(systemRng);
  return { keys, close: () => keys.close() };
});

subjectKeysContract('sqlite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-keys-'));
  const open = () =>
    SqliteSubjectKeys.open({ file: join(folder, 'keys.db'), masterKey, rng: systemRng, remembered: 3 });
  let keys = open();
  return {
    keys,
    async reopen() {
      await keys.close();
      keys = open();
      return keys;
    },
    async close() {
      await keys.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describe('SqliteSubjectKeys', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-keys-'));
    file = join(folder, 'keys.db');
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const open = (key = masterKey) => SqliteSubjectKeys.open({ file, masterKey: key, rng: systemRng });
  const bytes = () =>
    ['', '-wal']
      .map((end) => file + end)
      .filter(existsSync)
      .map((path) => readFileSync(path, 'latin1'))
      .join('');

  it('holds no key in plain, and no trace of a destroyed one, in its files', async () => {
    const keys = open();
    const made = await keys.obtain([a, 'b' as SubjectId]);
    expect(bytes()).not.toContain(Buffer.from(made.get(a)!).toString('latin1'));
    const reading = new DatabaseSync(file, { readOnly: true });
    const row = reading.prepare('SELECT wrapped FROM subject_keys WHERE subject = ?').get('a');
    reading.close();
    const wrapped = Buffer.from(row!['wrapped'] as Uint8Array).toString('latin1');
    expect(bytes()).toContain(wrapped);
    await keys.destroy(a);
    expect(bytes()).not.toContain(wrapped);
    await keys.close();
    expect(bytes()).not.toContain(wrapped);
  });

  it('notices what another process destroyed', async () => {
    const [one, other] = [open(), open()];
    await one.obtain([a]);
    expect((await other.find([a])).size).toBe(1);
    await one.destroy(a);
    expect((await other.find([a])).size).toBe(0);
    expect((await other.obtain([a])).size).toBe(0);
    await one.close();
    await other.close();
  });

  it('refuses another master key, and a changed or exchanged wrapped key', async () => {
    const keys = open();
    await keys.obtain([a, 'b' as SubjectId]);
    await keys.close();
    expect(() => open(new Uint8Array(32).fill(4))).toThrow(
      'The subject keys were made with another master key.',
    );
    const database = new DatabaseSync(file);
    database.exec(
      `UPDATE subject_keys SET wrapped = (SELECT wrapped FROM subject_keys WHERE subject = 'b') WHERE subject = 'a'`,
    );
    database.close();
    const again = open();
    await expect(again.find([a])).rejects.toThrow(SubjectKeysUnavailable);
    expect((await again.find(['b' as SubjectId])).size).toBe(1);
    await again.close();
  });

  it('makes thousands of keys a second', async () => {
    const keys = open();
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: 5_000 }, (_, index) => keys.obtain([`s${index}` as SubjectId])));
    expect(performance.now() - startedAt).toBeLessThan(2_500);
    await keys.close();
  });
});

describe('loadMasterKey', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-master-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('takes the environment first, then a file that only the owner reads', async () => {
    const file = join(folder, 'master-key.json');
    const encoded = Buffer.from(masterKey).toString('base64');
    expect(await loadMasterKey(encoded, file)).toEqual(masterKey);
    expect(existsSync(file)).toBe(false);
    const made = await loadMasterKey(undefined, file);
    expect(made.length).toBe(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await loadMasterKey('', file)).toEqual(made);
    chmodSync(file, 0o644);
    await expect(loadMasterKey(undefined, file)).rejects.toThrow(SubjectKeysUnavailable);
    for (const wrong of ['short', encoded.slice(0, -4), `${encoded}AAAA`]) {
      await expect(loadMasterKey(wrong, file)).rejects.toThrow(
        'SLUICE_MASTER_KEY is not base64 of 32 bytes.',
      );
    }
  });
});
