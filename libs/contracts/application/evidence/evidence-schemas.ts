import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

/** Shapes of what attestors may say, by name: `lesson.v1`. Bind with `EVIDENCE_SCHEMAS`. */
export interface EvidenceSchemas {
  /** What is wrong with the payload, as JSON pointer and rule; `undefined`: nothing. An unknown schema takes no payload. */
  violation(schema: string, payload: unknown): string | undefined;
  has(schema: string): boolean;
}

export const EVIDENCE_SCHEMAS = Symbol('EVIDENCE_SCHEMAS');

const SCHEMA_FILE = /^([a-z][a-zA-Z0-9-]*\.v[1-9]\d*)\.json$/;

/**
 * Reads schemas/contracts/evidence; each schema is compiled when it is first needed. Called once at start.
 *
 * @throws Error naming the file that is no JSON Schema
 */
export function loadEvidenceSchemas(directory: string): EvidenceSchemas {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  formats.default(ajv);
  const names = new Map<string, string>();
  for (const file of readdirSync(directory)) {
    const name = SCHEMA_FILE.exec(file)?.[1];
    if (name === undefined) continue;
    const schema = JSON.parse(readFileSync(join(directory, file), 'utf8')) as { readonly $id?: string };
    if (!schema.$id?.endsWith(`/evidence/${file}`)) throw new Error(`${file}: "$id" must end in its name.`);
    ajv.addSchema(schema, name);
    names.set(name, name);
  }
  return {
    has: (schema) => names.has(schema),
    violation: (schema, payload) => (names.has(schema) ? faultOf(ajv, schema, payload) : 'is unknown'),
  };
}

function faultOf(ajv: Ajv2020, schema: string, payload: unknown): string | undefined {
  const validate = ajv.getSchema(schema) as ValidateFunction;
  if (validate(payload)) return undefined;
  const fault = validate.errors?.[0];
  return `${fault?.instancePath || '/'} ${fault?.message ?? 'is not valid'}`;
}
