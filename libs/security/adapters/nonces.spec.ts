import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addMs } from '#libs/kernel/time/index.js';
import { NoncesUnavailable } from '#libs/security/port/index.js';
import { type ManualRuntime, manualRuntime } from '#libs/testing/runtime/index.js';
import { type TemporaryFolder, temporaryFolder } from '#libs/testing/temporary-folder.js';
import { SqliteNonces } from './nonces-sqlite.js';

let folder: TemporaryFolder;
let runtime: ManualRuntime;
let nonces: SqliteNonces;
const open = (limit?: number) =>
  SqliteNonces.open({ file: folder.file('n.db'), clock: runtime.clock, limit });
const inOneMinute = () => addMs(runtime.clock.now(), 60_000);

beforeEach(() => {
  folder = temporaryFolder();
  runtime = manualRuntime();
  nonces = open();
});
afterEach(async () => {
  await nonces.close();
  folder[Symbol.dispose]();
});

describe('nonces in SQLite', () => {
  it('are claimed once, by key, however many come at once', async () => {
    const claims = await Promise.all(Array.from({ length: 50 }, () => nonces.claim('a', 'n', inOneMinute())));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(claims[0]).toBe(true);
    expect(await nonces.claim('b', 'n', inOneMinute())).toBe(true);
    expect(await nonces.claim('a', 'm', inOneMinute())).toBe(true);
  });

  it('are durable before the answer: another reader of the file sees them at once', async () => {
    expect(await nonces.claim('a', 'n', inOneMinute())).toBe(true);
    const other = open();
    expect(await other.claim('a', 'n', inOneMinute())).toBe(false);
    await other.close();
  });

  it('survive a restart', async () => {
    await nonces.claim('a', 'n', inOneMinute());
    await nonces.close();
    nonces = open();
    expect(await nonces.claim('a', 'n', inOneMinute())).toBe(false);
  });

  it('are forgotten a quarter of an hour after their end, not sooner', async () => {
    await nonces.claim('a', 'n', inOneMinute());
    await runtime.advance(60_000 + 14 * 60_000);
    expect(await nonces.claim('a', 'n', inOneMinute())).toBe(false);
    await runtime.advance(2 * 60_000);
    expect(await nonces.claim('a', 'other', inOneMinute())).toBe(true);
    expect(await nonces.claim('a', 'n', inOneMinute())).toBe(true);
  });

  it('are bounded: a full store refuses, and takes again when there is room', async () => {
    await nonces.close();
    nonces = open(3);
    for (const nonce of ['1', '2', '3']) await nonces.claim('a', nonce, inOneMinute());
    await expect(nonces.claim('a', '4', inOneMinute())).rejects.toThrow(NoncesUnavailable);
    await runtime.advance(17 * 60_000);
    expect(await nonces.claim('a', '4', inOneMinute())).toBe(true);
  });

  it('answer nothing after they were closed', async () => {
    const waiting = nonces.claim('a', 'n', inOneMinute());
    await nonces.close();
    await nonces.close();
    expect(await waiting).toBe(true);
    await expect(nonces.claim('a', 'm', inOneMinute())).rejects.toThrow(NoncesUnavailable);
  });
});
