import type { LintFinding } from './findings.js';
import type { Template } from './types.js';
import { conditionsOf } from './walk.js';

/** Of an evidence schema: the members that every payload has, and whether each is a text, a number or a truth value. */
export type EvidenceShapes = Readonly<
  Record<string, Readonly<Record<string, 'string' | 'number' | 'boolean' | 'other'>>>
>;

/** Attestors that are not there or not asked, and pointers to what their evidence need not have. */
export function* lintAttestors(
  template: Template,
  shapes: EvidenceShapes | undefined,
): Generator<LintFinding> {
  const { attestors = {}, rules } = template;
  const asked = new Set<string>();
  for (const [index, rule] of rules.entries()) {
    for (const { condition, path } of conditionsOf(rule.when, `/rules/${index}/when`)) {
      if (!('attested' in condition)) continue;
      const { by, dedupe, where = {} } = condition.attested;
      asked.add(by);
      if (!Object.hasOwn(attestors, by)) {
        yield {
          code: 'UNKNOWN_ATTESTOR',
          path: `${path}/attested/by`,
          message: `There is no attestor ${by}.`,
        };
        continue;
      }
      const pointers: [string, string][] = [[`${path}/attested/dedupe`, dedupe]];
      for (const pointer of Object.keys(where)) pointers.push([`${path}/attested/where`, pointer]);
      if ('evidence' in rule.amount) pointers.push([`/rules/${index}/amount/evidence`, rule.amount.evidence]);
      if ('metered' in rule.amount)
        pointers.push([`/rules/${index}/amount/metered/reading`, rule.amount.metered.reading]);
      yield* lintPointers(pointers, attestors[by]!.schema, shapes);
    }
  }
  for (const [name, { schema }] of Object.entries(attestors)) {
    const path = `/attestors/${name}`;
    if (!asked.has(name)) yield { code: 'UNUSED_ATTESTOR', path, message: `No rule asks ${name}.` };
    if (shapes && !Object.hasOwn(shapes, schema)) {
      const message = `There is no evidence schema ${schema}; there are ${Object.keys(shapes).join(', ')}.`;
      yield { code: 'UNKNOWN_EVIDENCE_SCHEMA', path: `${path}/schema`, message };
    }
  }
}

function* lintPointers(
  pointers: readonly (readonly [path: string, pointer: string])[],
  schema: string,
  shapes: EvidenceShapes | undefined,
): Generator<LintFinding> {
  if (!shapes || !Object.hasOwn(shapes, schema)) return;
  const shape = shapes[schema]!;
  for (const [path, pointer] of pointers) {
    const name = pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
    if (Object.hasOwn(shape, name) && shape[name] !== 'other') continue;
    const message = `Evidence of ${schema} need not have a text or number at ${pointer}; all have ${Object.keys(shape).join(', ')}.`;
    yield { code: 'UNKNOWN_EVIDENCE_FIELD', path, message };
  }
}
