import { isAlias, isNode, parseDocument, visit, type Document } from 'yaml';
import { canonicalJson, NotCanonical } from '#libs/signatures/canonical/index.js';
import {
  lintTemplate,
  type EvidenceShapes,
  type LintFinding,
  type Template,
} from '../../domain/template/index.js';
import { templateHashOf } from '../hashes.js';
import type { TemplateShape } from './template-shape.js';

export type ReadTemplate =
  { readonly template: Template; readonly hash: string } | { readonly findings: readonly LintFinding[] };

/** UTF-8 bytes of a document. */
const MOST_BYTES = 65_536;
/** Lists and maps in flow style; a long template has a few hundred. What nests deeper costs the reader time for nothing. */
const MOST_BRACKETS = 4_000;
const DEEPEST = 32;

/** What is published is data of that shape and makes sense. */
export function readTemplate(document: string, shape: TemplateShape, evidence: EvidenceShapes): ReadTemplate {
  const value = readPlainData(document);
  if ('fault' in value) return { findings: [{ code: 'UNREADABLE', path: '', message: value.fault }] };
  const faults = shape(value.data);
  if (faults.length > 0) return { findings: faults };
  const template = value.data as Template;
  const findings = lintTemplate(template, evidence);
  return findings.length > 0 ? { findings } : { template, hash: templateHashOf(template) };
}

/** Reads YAML 1.2 (JSON among it), plain data alone: no anchors, aliases, tags or second documents, no key twice. */
export function readPlainData(text: string): { readonly data: unknown } | { readonly fault: string } {
  if (Buffer.byteLength(text) > MOST_BYTES) return { fault: 'A document has at most 64 KiB.' };
  if ((text.match(/[[{]/g)?.length ?? 0) > MOST_BRACKETS)
    return { fault: 'There are too many lists and maps.' };
  const options = { version: '1.2', schema: 'core', uniqueKeys: true, merge: false } as const;
  const parsed = parseDocument(text, {
    ...options,
    prettyErrors: false,
    logLevel: 'error',
    stringKeys: true,
  });
  const [error] = [...parsed.errors, ...parsed.warnings];
  if (error) return { fault: `${error.message} (offset ${error.pos[0]})`.slice(0, 300) };
  const extra = extraOf(parsed);
  if (extra !== undefined) return { fault: extra };
  try {
    const data: unknown = parsed.toJS({ maxAliasCount: 0 });
    // Also refuses lone surrogates and nesting without end, which could be neither hashed nor stored.
    canonicalJson(data, { maxDepth: DEEPEST });
    return { data };
  } catch (error) {
    if (error instanceof NotCanonical) return { fault: error.message };
    throw error;
  }
}

/** The first anchor, alias or tag: what a document says must be what is written there. */
function extraOf(document: Document.Parsed): string | undefined {
  let found: string | undefined;
  visit(document, (_, node) => {
    if (!isNode(node)) return undefined;
    if (isAlias(node) || node.anchor !== undefined) found = 'Anchors and aliases are not allowed.';
    else if (node.tag !== undefined) found = `Tags such as ${node.tag.slice(0, 80)} are not allowed.`;
    return found === undefined ? undefined : visit.BREAK;
  });
  return found;
}
