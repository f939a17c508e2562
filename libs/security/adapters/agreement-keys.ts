import {
  type JsonWebKey,
  type KeyObject,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
} from 'node:crypto';
import type { Agreement, PartnerKey, SigningKey } from '#libs/http-signatures/index.js';
import { asId, type TenantId } from '#libs/kernel/ids/index.js';
import { obtainSecretFile, readSecretFile, replaceSecretFile } from './secrets/secret-file.js';

/** One Ed25519 key as a JWK; private files have `d`, published ones have not. */
interface StoredKey {
  readonly keyId: string;
  readonly tenant: string;
  readonly jwk: JsonWebKey;
}

interface KeyFile {
  readonly keys: readonly StoredKey[];
}

/** Private keys of one party by tenant. They stay in their file of mode 0600. */
export type OwnKeys = ReadonlyMap<TenantId, SigningKey>;

/**
 * The party's keys, made where missing: one for each tenant, so that a key of one tenant never speaks for another. A key that is
 * there is never replaced.
 *
 * @param owner first part of the key ids: `bank` makes `bank.demo-bank`
 */
export async function obtainOwnKeys(
  file: string,
  owner: string,
  tenants: readonly TenantId[],
): Promise<OwnKeys> {
  const stored = await obtainSecretFile<KeyFile>(file, () => ({
    keys: tenants.map((tenant) => freshKey(owner, tenant)),
  }));
  const known = new Set(stored.keys.map(({ tenant }) => tenant));
  const added = tenants.filter((tenant) => !known.has(tenant)).map((tenant) => freshKey(owner, tenant));
  const keys = [...stored.keys, ...added];
  if (added.length > 0) await replaceSecretFile<KeyFile>(file, { keys });
  return ownKeysOf(keys);
}

/** The keys that are there; none is made. */
export async function existingOwnKeys(file: string): Promise<OwnKeys> {
  return ownKeysOf((await readSecretFile<KeyFile>(file))?.keys ?? []);
}

/** What the partner may know, into a file for it. */
export async function publishKeys(file: string, own: OwnKeys): Promise<void> {
  const keys = [...own].map(([tenant, { keyId, privateKey }]) => ({
    keyId,
    tenant,
    jwk: createPublicKey(privateKey).export({ format: 'jwk' }),
  }));
  await replaceSecretFile<KeyFile>(file, { keys });
}

/** The partner's published keys by key id; none while it has published none. */
export async function readPartnerKeys(file: string): Promise<ReadonlyMap<string, PartnerKey>> {
  const stored = (await readSecretFile<KeyFile>(file))?.keys ?? [];
  return new Map(
    stored.map(({ keyId, tenant, jwk }) => [
      keyId,
      { tenant: asId<'tenant'>(tenant), publicKey: ed25519(createPublicKey({ key: jwk, format: 'jwk' })) },
    ]),
  );
}

/** @param partners asked anew for every message: the partner may publish later than we start */
export function agreementOf(own: OwnKeys, partners: () => ReadonlyMap<string, PartnerKey>): Agreement {
  return {
    ownKey: (tenant) => own.get(tenant),
    partnerKey: (keyId) => partners().get(keyId),
  };
}

function freshKey(owner: string, tenant: TenantId): StoredKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { keyId: `${owner}.${tenant}`, tenant, jwk: privateKey.export({ format: 'jwk' }) };
}

function ownKeysOf(keys: readonly StoredKey[]): OwnKeys {
  return new Map(
    keys.map(({ keyId, tenant, jwk }) => [
      asId<'tenant'>(tenant),
      { keyId, privateKey: ed25519(createPrivateKey({ key: jwk, format: 'jwk' })) },
    ]),
  );
}

/** @throws Error for a key of another kind: its signatures would be judged by other rules */
function ed25519(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('A key of the agreement is not Ed25519.');
  return key;
}
