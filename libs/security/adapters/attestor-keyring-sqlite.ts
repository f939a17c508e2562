import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { RecentlyUsed } from '#libs/cache/lru/index.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import type { Rng } from '#libs/runtime/port/index.js';
import { keyIdOf } from '#libs/signatures/canonical/index.js';
import { type AttestorKeyring, type HeldKey, type HeldSignature, KeyringUnavailable } from '../port/index.js';
import { KeyWrap } from './key-wrap.js';

export interface SqliteKeyringOptions {
  /** Path of the data file (`attestor-keys.db`). Its folder must exist. */
  readonly file: string;
  /** 32 bytes; `loadMasterKey` gets it. */
  readonly masterKey: Uint8Array;
  readonly rng: Rng;
}

interface OwnKey extends HeldKey {
  readonly privateKey: KeyObject;
}

const SEED_BYTES = 32;
/** PKCS #8 of an Ed25519 key up to the seed, RFC 8410. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
/** Private keys in memory; some 2 KiB each. */
const MOST_REMEMBERED = 1_000;
const LONGEST_HOLDER = 200;

/**
 * One Ed25519 key for each holder of a tenant in an SQLite file, wrapped by the master key and bound to tenant and holder. WAL with
 * synchronous=FULL: a contract may name a key as soon as it is told. Losing the file is losing the keys, not the money: the roles
 * of a contract can amend it to other keys.
 */
export class SqliteAttestorKeyring implements AttestorKeyring {
  readonly #database: DatabaseSync;
  readonly #wrap: KeyWrap;
  readonly #rng: Rng;
  readonly #select: StatementSync;
  readonly #insert: StatementSync;
  readonly #remembered = new RecentlyUsed<OwnKey>(MOST_REMEMBERED);
  #closed = false;

  /** @throws KeyringUnavailable: the file cannot be opened */
  static open(options: SqliteKeyringOptions): SqliteAttestorKeyring {
    try {
      return new SqliteAttestorKeyring(options);
    } catch (error) {
      throw unavailable(error);
    }
  }

  private constructor({ file, masterKey, rng }: SqliteKeyringOptions) {
    this.#rng = rng;
    this.#wrap = new KeyWrap(masterKey, rng);
    this.#database = new DatabaseSync(file, { timeout: 5_000 });
    try {
      this.#database.exec(`
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA secure_delete = ON;
        CREATE TABLE IF NOT EXISTS attestor_keys (
          tenant TEXT, holder TEXT, wrapped BLOB NOT NULL, PRIMARY KEY (tenant, holder)) STRICT`);
      this.#select = this.#database.prepare(
        'SELECT wrapped FROM attestor_keys WHERE tenant = ? AND holder = ?',
      );
      this.#insert = this.#database.prepare(
        'INSERT OR IGNORE INTO attestor_keys (tenant, holder, wrapped) VALUES (?, ?, ?)',
      );
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  async publicKeys(tenant: TenantId, holder: string): Promise<readonly HeldKey[]> {
    const { keyId, alg, publicKey } = this.#keyOf(tenant, holder);
    return [{ keyId, alg, publicKey }];
  }

  async sign(tenant: TenantId, holder: string, message: Uint8Array): Promise<HeldSignature> {
    const { keyId, alg, privateKey } = this.#keyOf(tenant, holder);
    const sig = await new Promise<Buffer>((resolve, reject) => {
      sign(null, message, privateKey, (error, made) => (error ? reject(unavailable(error)) : resolve(made)));
    });
    return { keyId, alg, sig: sig.toString('base64url') };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#database.close();
  }

  #keyOf(tenant: TenantId, holder: string): OwnKey {
    if (this.#closed) throw new KeyringUnavailable('The keyring is closed.');
    if (holder === '' || holder.length > LONGEST_HOLDER) {
      throw new KeyringUnavailable(`A holder's name has 1 to ${LONGEST_HOLDER} characters.`);
    }
    const owner = JSON.stringify(['attestor', tenant, holder]);
    const known = this.#remembered.get(owner);
    if (known) return known;
    try {
      const key = ownKey(this.#wrap.unwrap(this.#wrappedOf(tenant, holder, owner), owner));
      this.#remembered.set(owner, key);
      return key;
    } catch (error) {
      throw unavailable(error);
    }
  }

  #wrappedOf(tenant: TenantId, holder: string, owner: string): Uint8Array {
    const stored = this.#select.get(tenant, holder)?.['wrapped'];
    if (stored) return stored as Uint8Array;
    this.#insert.run(tenant, holder, this.#wrap.wrap(this.#rng.bytes(SEED_BYTES), owner));
    // Another process may have been first: then its key is the holder's.
    return this.#select.get(tenant, holder)?.['wrapped'] as Uint8Array;
  }
}

function ownKey(seed: Uint8Array): OwnKey {
  const der = Buffer.concat([PKCS8_HEAD, seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  const raw = Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '', 'base64url');
  return { keyId: keyIdOf(raw), alg: 'Ed25519', publicKey: raw.toString('base64url'), privateKey };
}

function unavailable(error: unknown): KeyringUnavailable {
  if (error instanceof KeyringUnavailable) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new KeyringUnavailable(`The attestors' keys cannot be used: ${reason}`, { cause: error });
}
