import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { loadEventSchemas } from '#libs/event-log/codec/load-schemas.js';
import type { EventSchemas } from '#libs/event-log/codec/schemas.js';

/** Shapes of a proof and of the events in it. Bind with `PROOF_SCHEMAS`. */
export interface ProofSchemas {
  readonly events: EventSchemas;
  /** What is wrong with the document, as JSON pointer and rule; `undefined`: nothing. */
  violation(document: unknown): string | undefined;
}

export const PROOF_SCHEMAS = Symbol('PROOF_SCHEMAS');

/**
 * @param events the folder schemas/events
 * @param contracts the folder schemas/contracts
 * @throws Error, CatalogueError when a schema cannot be read
 */
export function loadProofSchemas(events: string, contracts: string): ProofSchemas {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  formats.default(ajv);
  const file = join(contracts, 'release-proof.v1.json');
  const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  return {
    events: loadEventSchemas(events),
    violation(document) {
      if (validate(document)) return undefined;
      const fault = validate.errors?.[0];
      return `${fault?.instancePath || '/'} ${fault?.message ?? 'is not valid'}`;
    },
  };
}
