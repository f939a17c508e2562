import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { signatureVerifier } from '#libs/signatures/adapters/index.js';
import { keyIdOf } from '#libs/signatures/canonical/index.js';
import { SqliteAttestorKeyring } from './attestor-keyring-sqlite.js';

const [one, other] = [asId<'tenant'>('one-bank'), asId<'tenant'>('other-bank')];
const SCHOOL = 'organisation:school-1';
const { rng, timers } = systemRuntime();
const masterKey = new Uint8Array(32).fill(7);
const verifier = signatureVerifier({ timers });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-keyring-'));
});
afterAll(async () => {
  await verifier.close();
  await rm(folder, { recursive: true, force: true });
});

const opened = (name: string, key = masterKey): SqliteAttestorKeyring =>
  SqliteAttestorKeyring.open({ file: join(folder, name), masterKey: key, rng });

describe('the keyring of attestors', () => {
  it('signs with the key that it names, the same after a restart', async () => {
    const keyring = opened('restart.db');
    const [key] = await keyring.publicKeys(one, SCHOOL);
    if (!key) throw new Error('No key was made.');
    const message = Buffer.from('{"lesson":"1"}');
    const { sig, ...named } = await keyring.sign(one, SCHOOL, message);
    expect(named).toEqual({ keyId: keyIdOf(Buffer.from(key.publicKey, 'base64url')), alg: 'Ed25519' });
    expect(await verifier.verify({ ...key, message, sig })).toBe(true);
    expect(await verifier.verify({ ...key, message: Buffer.from('{"lesson":"2"}'), sig })).toBe(false);
    await keyring.close();

    const again = opened('restart.db');
    expect(await again.publicKeys(one, SCHOOL)).toEqual([key]);
    expect((await again.sign(one, SCHOOL, message)).sig).toBe(sig);
    await again.close();
  });

  it('has another key for each holder and tenant', async () => {
    const keyring = opened('holders.db');
    const lists = await Promise.all([
      keyring.publicKeys(one, SCHOOL),
      keyring.publicKeys(one, 'organisation:school-2'),
      keyring.publicKeys(other, SCHOOL),
    ]);
    expect(new Set(lists.flat().map(({ keyId }) => keyId)).size).toBe(3);
    await keyring.close();
  });

  it('gives two processes that come first at once the same key', async () => {
    const [left, right] = [opened('two.db'), opened('two.db')];
    const signedLeft = await left.sign(one, SCHOOL, Buffer.from('a'));
    expect(await right.sign(one, SCHOOL, Buffer.from('a'))).toEqual(signedLeft);
    await Promise.all([left.close(), right.close()]);
  });

  it('keeps no private key in plain, and none that another master key or holder opens', async () => {
    const seed = new Uint8Array(32).fill(9);
    const file = 'wrapped.db';
    const plain = SqliteAttestorKeyring.open({
      file: join(folder, file),
      masterKey,
      rng: { bytes: (count) => (count === 32 ? seed : rng.bytes(count)) },
    });
    await plain.publicKeys(one, SCHOOL);
    await plain.close();
    expect((await readFile(join(folder, file))).includes(Buffer.from(seed))).toBe(false);
    const foreign = opened(file, new Uint8Array(32).fill(8));
    await expect(foreign.sign(one, SCHOOL, seed)).rejects.toMatchObject({ name: 'KeyringUnavailable' });
    await foreign.close();
    await expect(foreign.publicKeys(one, SCHOOL)).rejects.toMatchObject({ name: 'KeyringUnavailable' });
  });

  it('opens no key that was put under another holder’s name', async () => {
    const keyring = opened('moved.db');
    await keyring.publicKeys(one, SCHOOL);
    await keyring.publicKeys(one, 'organisation:school-2');
    await keyring.close();
    const database = new DatabaseSync(join(folder, 'moved.db'));
    database.exec('UPDATE attestor_keys SET wrapped = (SELECT max(wrapped) FROM attestor_keys)');
    database.close();
    const again = opened('moved.db');
    const answers = await Promise.allSettled([
      again.publicKeys(one, SCHOOL),
      again.publicKeys(one, 'organisation:school-2'),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await again.close();
  });

  it('names no holder at all by nothing', async () => {
    const keyring = opened('nobody.db');
    await expect(keyring.publicKeys(one, '')).rejects.toMatchObject({ name: 'KeyringUnavailable' });
    await keyring.close();
  });
});
