import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { RecentlyUsed } from '#libs/cache/lru/index.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import type { MessageSeals, SealPurpose } from '../../port/index.js';
import { obtainSecretFile } from './secret-file.js';

const KEY_BYTES = 32;
const MOST_KEYS = 1_000;

/**
 * Seals under keys that are derived (HKDF-SHA-256) from the one secret of a file of mode 0600, made at the first start. Losing
 * the file makes every code on every wall worthless, so back it up with the master key.
 */
export async function tenantSeals(file: string): Promise<MessageSeals> {
  const { secret } = await obtainSecretFile(file, () => ({
    secret: randomBytes(KEY_BYTES).toString('base64'),
  }));
  return sealsOf(Buffer.from(secret, 'base64'));
}

/** @throws Error when the secret is no 32 bytes */
export function sealsOf(secret: Uint8Array): MessageSeals {
  if (secret.length !== KEY_BYTES) throw new Error(`The secret of the seals is not ${KEY_BYTES} bytes.`);
  const keys = new RecentlyUsed<Buffer>(MOST_KEYS);
  const keyOf = (tenant: TenantId, purpose: SealPurpose): Buffer => {
    const name = `${purpose}:${tenant}`;
    const known = keys.get(name);
    if (known) return known;
    const key = Buffer.from(hkdfSync('sha256', secret, tenant, `sluice ${purpose} 1`, KEY_BYTES));
    keys.set(name, key);
    return key;
  };
  return {
    seal: (tenant, purpose, text) => createHmac('sha256', keyOf(tenant, purpose)).update(text).digest(),
  };
}
