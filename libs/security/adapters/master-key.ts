import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { SubjectKeysUnavailable } from '../port/index.js';
import { obtainSecretFile } from './secrets/secret-file.js';

const KEY_BYTES = 32;

/**
 * The key that wraps every subject's key: 32 bytes, from `SLUICE_MASTER_KEY` (base64) where the operator keeps it, else from
 * a file of mode 0600 made at the first start. Losing it is losing every person's data, so back it up apart from the log.
 *
 * @param encoded the environment's value, if any
 * @param file used without `encoded`
 * @throws SubjectKeysUnavailable when the key is malformed, or the file is open to others
 */
export async function loadMasterKey(encoded: string | undefined, file: string): Promise<Uint8Array> {
  if (encoded !== undefined && encoded !== '') return decoded(encoded, 'SLUICE_MASTER_KEY');
  const { key } = await obtainSecretFile(file, () => ({ key: randomBytes(KEY_BYTES).toString('base64') }));
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0) throw new SubjectKeysUnavailable(`${file} is open to others: chmod 600 it.`);
  return decoded(key, file);
}

function decoded(text: string, source: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === KEY_BYTES && bytes.toString('base64') === text.trim()) return new Uint8Array(bytes);
  throw new SubjectKeysUnavailable(`${source} is not base64 of ${KEY_BYTES} bytes.`);
}
