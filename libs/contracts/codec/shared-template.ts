import type { Json } from '#libs/event-log/port/index.js';
import type { Template } from '../domain/template/types.js';

/** Versions in use at a time; a program knows a few dozen. */
const MOST_KNOWN = 256;

const known = new Map<string, { readonly text: string; readonly template: Template }>();

/**
 * The one object for equal templates. Each contract stores its template in full, some 8 KB; tens of thousands of contracts in
 * memory share the handful that there are. Whatever differs from what is known under a hash stays itself.
 */
export function sharedTemplate(hash: string, json: Json | undefined): Template {
  const text = JSON.stringify(json);
  const before = known.get(hash);
  if (before?.text === text) return before.template;
  const template = json as unknown as Template;
  if (before) return template;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(hash, { text, template });
  return template;
}
