import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { JsonObject } from '#libs/event-log/port/index.js';
import { CatalogueError } from './errors.js';
import { personalDataOf, refuseMarks, type PersonalData } from './personal-data.js';

export interface EventSchema {
  readonly personal: PersonalData | undefined;
  /** What is wrong with the data, as JSON pointer and rule, or `undefined` when it meets the schema. */
  violation(data: JsonObject): string | undefined;
}

/** The schemas of stored events by `<context>/<Type>.v<version>`. */
export interface EventSchemas {
  find(context: string, storedType: string): EventSchema | undefined;
}

/** A schema document and where it lies below schemas/events: `billing/BillIssued.v1.json`. */
export interface SchemaDocument {
  readonly path: string;
  readonly schema: { readonly [key: string]: unknown };
}

const EVENT_FILE = /^([^/]+)\/([A-Z][A-Za-z0-9]*\.v[1-9]\d*)\.json$/;

/**
 * Reads the documents; each is compiled when it is first needed. Files that are not named like an event
 * (`common/money.json`) may be referred to by their `$id`.
 *
 * @throws CatalogueError when a document has no `$id` ending in its path, or marks personal data without effect.
 */
export function eventSchemas(documents: readonly SchemaDocument[]): EventSchemas {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  formats.default(ajv);
  ajv.addKeyword({ keyword: 'x-pii', schemaType: 'boolean' });
  ajv.addKeyword({ keyword: 'x-subject', schemaType: 'string' });
  const byType = new Map<string, EventSchema>();
  for (const { path, schema } of documents) {
    const id = schema['$id'];
    if (typeof id !== 'string' || !id.endsWith(`/${path}`)) {
      throw new CatalogueError(`${path}: "$id" must end in "/${path}".`);
    }
    ajv.addSchema(schema, id);
    const match = EVENT_FILE.exec(path);
    if (match) byType.set(`${match[1]}/${match[2]}`, lazySchema(ajv, id, personalDataOf(path, schema)));
    else refuseMarks(path, schema);
  }
  return { find: (context, storedType) => byType.get(`${context}/${storedType}`) };
}

function lazySchema(ajv: Ajv2020, id: string, personal: PersonalData | undefined): EventSchema {
  let validate: ValidateFunction | undefined;
  return {
    personal,
    violation(data) {
      validate ??= ajv.getSchema(id)!;
      if (validate(data)) return undefined;
      const error = validate.errors?.[0];
      return `${error?.instancePath || '/'} ${error?.message ?? 'is not valid'}`;
    },
  };
}
