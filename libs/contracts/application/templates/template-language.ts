import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PublishedTemplate } from '../../contract/templates.js';
import { compareVersions } from '../../domain/published-template/index.js';
import type { EvidenceShapes, Template } from '../../domain/template/index.js';
import { templateHashOf } from '../hashes.js';
import { readPlainData, readTemplate, type ReadTemplate } from './read-template.js';
import { templateShape, type TemplateShape } from './template-shape.js';

/** The template language as its schemas lie in schemas/contracts. Bind with `TEMPLATE_LANGUAGE`. */
export interface TemplateLanguage {
  /** A document checked for shape and sense: the template and its hash, or everything that is wrong. */
  read(document: string): ReadTemplate;
  /** Templates that come with the product, each id's oldest version first. */
  readonly builtIn: ReadonlyMap<string, readonly PublishedTemplate[]>;
}

export const TEMPLATE_LANGUAGE = Symbol('TEMPLATE_LANGUAGE');

/**
 * Reads schemas/contracts: the built-in templates, and when the first document is to be published the shapes of templates and of
 * evidence. That the built-in ones could be published is a matter of their tests, not of every start.
 *
 * @throws Error naming the built-in template that cannot be read
 */
export function loadTemplateLanguage(directory: string): TemplateLanguage {
  let shapes: { readonly template: TemplateShape; readonly evidence: EvidenceShapes } | undefined;
  return {
    read(document) {
      shapes ??= {
        template: templateShape(jsonOf(join(directory, 'contract-template.v1.json'))),
        evidence: evidenceShapes(join(directory, 'evidence')),
      };
      return readTemplate(document, shapes.template, shapes.evidence);
    },
    builtIn: builtInTemplates(join(directory, 'templates')),
  };
}

function builtInTemplates(directory: string): ReadonlyMap<string, readonly PublishedTemplate[]> {
  const templates = new Map<string, PublishedTemplate[]>();
  for (const file of readdirSync(directory).toSorted()) {
    if (!file.endsWith('.yaml')) continue;
    const read = readPlainData(readFileSync(join(directory, file), 'utf8'));
    if ('fault' in read) throw new Error(`${file} cannot be read: ${read.fault}`);
    const template = read.data as Template;
    const published = { template, hash: templateHashOf(template), publishedAt: null, publishedBy: null };
    templates.set(template.id, [...(templates.get(template.id) ?? []), published]);
  }
  for (const versions of templates.values()) {
    versions.sort((one, other) => compareVersions(one.template.version, other.template.version));
  }
  return templates;
}

interface JsonSchema {
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, { readonly type?: unknown }>>;
}

const SCHEMA_FILE = /^([a-z][a-zA-Z0-9]*\.v[1-9]\d*)\.json$/;

/** The members that every payload has, for the lint's pointers. */
function evidenceShapes(directory: string): EvidenceShapes {
  const shapes = readdirSync(directory).flatMap((file) => {
    const name = SCHEMA_FILE.exec(file)?.[1];
    if (name === undefined) return [];
    const { required = [], properties = {} } = jsonOf(join(directory, file)) as JsonSchema;
    const members = required.map((member) => [member, scalarOf(properties[member]?.type)] as const);
    return [[name, Object.fromEntries(members)] as const];
  });
  return Object.fromEntries(shapes);
}

function scalarOf(type: unknown): 'string' | 'number' | 'boolean' | 'other' {
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'other';
}

function jsonOf(file: string): object {
  return JSON.parse(readFileSync(file, 'utf8')) as object;
}
