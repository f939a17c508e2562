import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ParameterValues } from '#libs/contracts/domain/template/index.js';

/** schemas/contracts of this repository. */
export const CONTRACT_SCHEMAS_DIRECTORY = fileURLToPath(new URL('../../schemas/contracts', import.meta.url));

/** Parameters with which a built-in template compiles on 1 September 2026: schemas/contracts/samples. */
export function sampleParameters(templateId: string): {
  readonly given: ParameterValues;
  readonly regional: ParameterValues;
} {
  const file = join(CONTRACT_SCHEMAS_DIRECTORY, 'samples', `${templateId}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as ReturnType<typeof sampleParameters>;
}
