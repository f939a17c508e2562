import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CatalogueError } from './errors.js';
import { eventSchemas, type EventSchemas, type SchemaDocument } from './schemas.js';

/**
 * Loads every `<context>/*.json` below a directory (schemas/events), golden samples aside. Called once at start.
 *
 * @throws CatalogueError when the directory or a file cannot be read, or a file is no JSON object.
 */
export function loadEventSchemas(directory: string): EventSchemas {
  const documents: SchemaDocument[] = [];
  for (const context of entriesOf(directory)) {
    if (!context.isDirectory()) continue;
    for (const file of entriesOf(join(directory, context.name))) {
      if (!file.isFile() || !file.name.endsWith('.json')) continue;
      const path = `${context.name}/${file.name}`;
      documents.push({ path, schema: readDocument(join(directory, path)) });
    }
  }
  return eventSchemas(documents);
}

function entriesOf(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (cause) {
    throw new CatalogueError(`The event schemas in ${directory} cannot be read.`, { cause });
  }
}

function readDocument(file: string): SchemaDocument['schema'] {
  try {
    const document: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (document !== null && typeof document === 'object') return document as SchemaDocument['schema'];
  } catch (cause) {
    throw new CatalogueError(`${file} is not JSON.`, { cause });
  }
  throw new CatalogueError(`${file} is not a JSON Schema object.`);
}
