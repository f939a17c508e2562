import type { LintFinding } from './findings.js';
import { lintAttestors, type EvidenceShapes } from './lint-attestors.js';
import { lintOrder } from './lint-order.js';
import { lintParameters } from './lint-parameters.js';
import { lintRoles } from './lint-roles.js';
import { lintRules } from './lint-rules.js';
import type { Template } from './types.js';

/**
 * Everything that keeps a template, whose shape has been checked, from being published. `shapes`: evidence schemas that exist;
 * without them pointers into evidence are taken on trust.
 */
export function lintTemplate(template: Template, shapes?: EvidenceShapes): readonly LintFinding[] {
  return [
    ...lintParameters(template),
    ...lintRoles(template),
    ...lintAttestors(template, shapes),
    ...lintRules(template),
    ...lintOrder(template),
  ];
}
