import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import { CatalogueError } from './errors.js';

/** Where an event holds personal data, by its schema. */
export interface PersonalData {
  /** Path to the id of the person the data is about. */
  readonly subject: readonly string[];
  /** Paths of the properties to seal; never one below another. */
  readonly paths: readonly (readonly string[])[];
}

type SchemaNode = { readonly [key: string]: unknown };

const MARK = 'x-pii';
const SUBJECT = 'x-subject';

/**
 * Finds the properties marked `"x-pii": true`. Marks count at properties of the document, of nested objects and behind
 * local `$ref`s. A mark anywhere else (array items, `oneOf` branches, shared files) would be silently without effect, so
 * it is refused: mark the whole array or object instead.
 *
 * @throws CatalogueError
 */
export function personalDataOf(name: string, schema: SchemaNode): PersonalData | undefined {
  const found: Found = { paths: [], effective: new Set() };
  collect(schema, schema, [], found);
  const { paths, effective } = found;
  for (const node of markedNodes(schema)) {
    if (!effective.has(node))
      throw new CatalogueError(`${name}: a "${MARK}" mark stands where it has no effect.`);
  }
  const pointer = schema[SUBJECT];
  if (paths.length === 0 && pointer === undefined) return undefined;
  if (paths.length === 0) throw new CatalogueError(`${name}: "${SUBJECT}" without any "${MARK}" property.`);
  if (typeof pointer !== 'string' || !pointer.startsWith('/')) {
    throw new CatalogueError(`${name}: "${MARK}" needs "${SUBJECT}", a JSON pointer to the subject's id.`);
  }
  const subject = segmentsOf(pointer);
  if (paths.some((path) => path.every((segment, index) => subject[index] === segment))) {
    throw new CatalogueError(`${name}: the subject's id itself cannot be sealed.`);
  }
  return { subject, paths };
}

/** @throws CatalogueError when a shared schema file carries marks, where they would have no effect. */
export function refuseMarks(name: string, schema: SchemaNode): void {
  if (!markedNodes(schema).next().done) {
    throw new CatalogueError(
      `${name}: "${MARK}" belongs to the property that refers here, not into a shared file.`,
    );
  }
}

interface Found {
  readonly paths: string[][];
  readonly effective: Set<SchemaNode>;
}

function collect(root: SchemaNode, node: SchemaNode, path: readonly string[], found: Found): void {
  // Deeper than any event; stops a schema that refers to itself.
  if (path.length > 8) return;
  const target = followLocalReference(root, node);
  for (const [key, property] of Object.entries((target['properties'] ?? {}) as Record<string, SchemaNode>)) {
    const here = [...path, key];
    if (property[MARK] === true) {
      found.effective.add(property);
      found.paths.push(here);
    } else {
      collect(root, property, here, found);
    }
  }
}

function followLocalReference(root: SchemaNode, node: SchemaNode): SchemaNode {
  const reference = node['$ref'];
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return node;
  let target: unknown = root;
  for (const segment of segmentsOf(reference.slice(1)))
    target = (target as SchemaNode | undefined)?.[segment];
  return (target as SchemaNode | undefined) ?? node;
}

function* markedNodes(node: unknown): Generator<SchemaNode> {
  if (node === null || typeof node !== 'object') return;
  if ((node as SchemaNode)[MARK] === true) yield node as SchemaNode;
  for (const child of Object.values(node)) yield* markedNodes(child);
}

/** RFC 6901. */
function segmentsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function valueAt(data: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = data;
  for (const segment of path) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
    value = (value as JsonObject)[segment];
  }
  return value;
}

/** A copy without the value at `path`; only the objects on the way are copied. */
export function without(data: JsonObject, path: readonly string[], depth = 0): JsonObject {
  const { [path[depth]!]: value, ...rest } = data;
  if (value === undefined) return data;
  if (depth === path.length - 1) return rest;
  return isObject(value) ? { ...data, [path[depth]!]: without(value, path, depth + 1) } : data;
}

/** A copy with `value` at `path`; missing objects on the way stay missing, then nothing is set. */
export function withValue(data: JsonObject, path: readonly string[], value: Json, depth = 0): JsonObject {
  const key = path[depth]!;
  if (depth === path.length - 1) return { ...data, [key]: value };
  const child = data[key];
  return isObject(child) ? { ...data, [key]: withValue(child, path, value, depth + 1) } : data;
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
